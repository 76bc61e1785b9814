use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{error::Error, timestamp::Timestamp};

const HOUR: Duration = Duration::from_secs(3_600);

/// What a user does only so often in an hour, lest somebody guesses the code, or fills the mailbox of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Action {
    ConfirmSignUp,
    ResendConfirmationCode,
    /// To ask for a code for a forgotten password, and to enter it.
    RecoverPassword,
    ChangePassword,
    GetUserAttributeVerificationCode,
    VerifyUserAttribute,
}

impl Action {
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>. For forgotten passwords Cognito has 5 to 20, by a risk
    /// that it does not tell.
    fn hourly(self) -> u32 {
        match self {
            Self::ConfirmSignUp | Self::VerifyUserAttribute => 15,
            Self::ResendConfirmationCode
            | Self::RecoverPassword
            | Self::ChangePassword
            | Self::GetUserAttributeVerificationCode => 5,
        }
    }
}

/// How often somebody did something in this hour.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Attempts(BTreeMap<Action, Hour>);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Hour {
    ends: Timestamp,
    count: u32,
}

impl Attempts {
    /// Counts one more, if it is not one too many. The hour begins with the first.
    pub(super) fn count(&mut self, action: Action, now: Timestamp) -> Result<(), Error> {
        let hour = self.0.entry(action).or_default();
        if now >= hour.ends {
            *hour = Hour { ends: now.after(HOUR), count: 0 };
        }
        if hour.count >= action.hourly() {
            return Err(Error::AttemptLimitExceeded);
        }
        hour.count += 1;
        Ok(())
    }

    /// Whoever had the right code is no guesser.
    pub(super) fn forget(&mut self, action: Action) {
        self.0.remove(&action);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_its_number_an_hour() {
        let mut attempts = Attempts::default();
        let now = Timestamp::default().after(HOUR);
        for (action, number) in [(Action::VerifyUserAttribute, 15), (Action::RecoverPassword, 5)] {
            for _ in 0..number {
                assert_eq!(attempts.count(action, now), Ok(()));
            }
            assert_eq!(attempts.count(action, now), Err(Error::AttemptLimitExceeded));
            assert_eq!(attempts.count(action, now.after(HOUR)), Ok(()));
        }
    }
}
