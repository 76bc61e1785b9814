//! Nothing changes in an account before somebody agreed to it.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::refused::Refused;

/// Asks on the terminal. Where there is none, only `--yes` agrees.
pub(super) fn ask(question: &str, agreed: bool, json: bool) -> Result<()> {
    if agreed {
        return Ok(());
    }
    if json || !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Refused("nobody is there to agree, so nothing was changed: give `--yes`".into()).into());
    }
    answer(&format!("{question} [y/N] "), &mut io::stdin().lock(), is_yes)
}

/// Has the name of something precious written; `--confirm NAME` has written it.
pub(super) fn ask_for_name(what: &str, name: &str, confirmed: Option<&str>, json: bool) -> Result<()> {
    match confirmed {
        Some(said) if said == name => return Ok(()),
        Some(said) => {
            return Err(
                Refused(format!("`--confirm {said}` does not name {what}, `{name}`: nothing was changed")).into()
            );
        }
        None => {}
    }
    if json || !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(
            Refused(format!("{what} is protected, so nothing was changed: give `--yes --confirm {name}`")).into()
        );
    }
    answer(&format!("{what} is protected. Write its name to go on: "), &mut io::stdin().lock(), |said| said == name)
}

fn answer(question: &str, input: &mut impl BufRead, agrees: impl FnOnce(&str) -> bool) -> Result<()> {
    eprint!("{question}");
    io::stderr().flush().context("cannot write to the terminal")?;
    let mut said = String::new();
    input.read_line(&mut said).context("cannot read from the terminal")?;
    if agrees(said.trim()) { Ok(()) } else { Err(Refused("not agreed: nothing was changed".into()).into()) }
}

fn is_yes(said: &str) -> bool {
    ["y", "yes"].contains(&said.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        let agreed = |said: &str| answer("", &mut said.as_bytes(), is_yes).is_ok();
        assert!(agreed("y\n") && agreed("YES\n"));
        assert!(!agreed("\n") && !agreed("n\n") && !agreed("") && !agreed("yesterday\n"));
    }

    #[test]
    fn what_is_not_agreed_is_a_refusal_and_no_failure() {
        assert!(answer("", &mut "n".as_bytes(), is_yes).unwrap_err().is::<Refused>());
        assert!(ask("", false, true).unwrap_err().to_string().contains("`--yes`"));
        ask("", true, true).unwrap();
    }

    #[test]
    fn a_protected_stack_is_named_to_be_removed() {
        let confirm = |name| ask_for_name("the stack", "orders-prod", name, true).map_err(|error| error.to_string());
        confirm(Some("orders-prod")).unwrap();
        assert!(confirm(Some("orders")).unwrap_err().starts_with("`--confirm orders` does not name the stack"));
        assert!(confirm(None).unwrap_err().ends_with("give `--yes --confirm orders-prod`"));
    }
}
