//! What the application's binary does.

use std::{env, io::Write as _, process::ExitCode};

use skyloom_manifest::rules;

use crate::{
    lambda, manifest,
    registry::{HANDLERS, Handler},
};

/// The body of `skyloom::main!`: prints the manifest, serves a function under Lambda, or says what to do.
pub fn main(application: &'static str) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        all if env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() => serve(all.first().copied()),
        ["manifest"] => print_manifest(application),
        [] => Err(usage(application)),
        [unknown, ..] => Err(format!("there is no command `{unknown}`\n{}", usage(application))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn usage(application: &str) -> String {
    format!(
        "this is the application `{application}`, which runs on AWS Lambda\n\
         \n\
         \x20 cargo xtask dev -p {application}        runs it on this machine\n\
         \x20 cargo run -p {application} -- manifest  prints what it consists of"
    )
}

fn print_manifest(application: &str) -> Result<(), String> {
    let manifest = manifest::of_linked(application)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: "))?;
    std::io::stdout()
        .write_all(manifest.to_json().as_bytes())
        .map_err(|error| format!("cannot print the manifest: {error}"))
}

fn serve(argument: Option<&str>) -> Result<(), String> {
    for name in ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"] {
        if env::var_os(name).is_none() {
            return Err(format!("the environment variable {name} is not set, as Lambda sets it"));
        }
    }
    let name = handler_name(argument, env::var("_HANDLER").ok())?;
    lambda::serve(find(&name)?).map_err(|error| error.to_string())
}

/// Lambda says it to the runtime of a zip archive by the variable, and to a container image by the image's command, which
/// becomes the argument of its entry point.
fn handler_name(argument: Option<&str>, variable: Option<String>) -> Result<String, String> {
    argument.map(str::to_owned).or(variable).ok_or_else(|| {
        format!(
            "the environment variable _HANDLER is not set, and there is no argument: either names the function to serve, \
             one of {}",
            names()
        )
    })
}

/// The handler of that name.
pub(crate) fn find(name: &str) -> Result<&'static Handler, String> {
    HANDLERS.iter().find(|handler| handler.name == name).ok_or_else(|| {
        let hint = rules::nearest(name, HANDLERS.iter().map(|handler| handler.name));
        let hint = hint.map_or_else(|| ".".to_owned(), |near| format!("; did you mean `{near}`?"));
        format!("there is no handler `{name}`{hint} The application has {}", names())
    })
}

fn names() -> String {
    let mut names: Vec<_> = HANDLERS.iter().map(|handler| format!("`{}`", handler.name)).collect();
    names.sort();
    if names.is_empty() { "no handler at all: name its library in `skyloom::main!`".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_images_command_names_the_handler_and_otherwise_the_environment_does() {
        let variable = || Some("from_variable".to_owned());
        assert_eq!(handler_name(Some("from_command"), variable()).as_deref(), Ok("from_command"));
        assert_eq!(handler_name(None, variable()).as_deref(), Ok("from_variable"));
        assert!(handler_name(None, None).is_err_and(|error| error.contains("_HANDLER is not set")));
    }
}
