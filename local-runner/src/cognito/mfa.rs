use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use skyloom_manifest::MfaMethod;

use super::{error::Error, lockout::Lockout, message::Medium, pool::Pool, totp::Totp, user::User};

/// A user's second factors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Factors {
    /// An authenticator app that has shown a code.
    pub(super) totp: Option<Totp>,
    /// One that has not yet.
    pub(super) pending: Option<Totp>,
    pub(super) enabled: BTreeSet<MfaMethod>,
    pub(super) preferred: Option<MfaMethod>,
    /// Slows down who knows the password and guesses the code.
    #[serde(default)]
    pub(super) lockout: Lockout,
}

impl Factors {
    /// Takes an authenticator app as the factor that the user shows.
    pub(super) fn take_app(&mut self, app: Totp) {
        self.totp = Some(app);
        self.pending = None;
        self.enabled.insert(MfaMethod::Totp);
    }
}

/// What has to follow the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    Factor(MfaMethod),
    /// The user has several and prefers none.
    Choice(Vec<MfaMethod>),
    /// Everyone needs one, and the user has none.
    SetUp(Vec<MfaMethod>),
}

impl Pool {
    /// Whether users can have it.
    pub(super) fn has_factor(&self, method: MfaMethod) -> bool {
        self.mfa.as_ref().is_some_and(|mfa| mfa.methods.contains(&method))
    }

    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html>
    pub(super) fn second_factor(&self, user: &User) -> Next {
        let Some(mfa) = &self.mfa else { return Next::Nothing };
        let offered = |method: &MfaMethod| mfa.methods.contains(method) && can_have(user, *method);
        let factors = &user.factors;
        if let Some(preferred) = factors.preferred.filter(offered) {
            return Next::Factor(preferred);
        }
        let mut ready: Vec<_> = factors.enabled.iter().copied().filter(offered).collect();
        if ready.is_empty() && mfa.required {
            ready = mfa.methods.iter().copied().filter(offered).collect(); // whoever has an address has a factor
        }
        match ready.as_slice() {
            [] if mfa.required => Next::SetUp(mfa.methods.clone()),
            [] => Next::Nothing,
            [one] => Next::Factor(*one),
            _ => Next::Choice(ready),
        }
    }
}

/// Whether the user can show such a factor at all.
fn can_have(user: &User, method: MfaMethod) -> bool {
    match medium(method) {
        Some(medium) => user.address(medium).is_some(),
        None => user.factors.totp.is_some(),
    }
}

/// How its code is sent, if it is.
pub(super) fn medium(method: MfaMethod) -> Option<Medium> {
    match method {
        MfaMethod::Totp => None,
        MfaMethod::Sms => Some(Medium::Sms),
        MfaMethod::Email => Some(Medium::Email),
    }
}

/// `SoftwareTokenMfaSettings` and its kin.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Preference {
    enabled: bool,
    preferred_mfa: bool,
}

/// What is asked for each factor of which something is said.
pub(super) type Preferences = [(MfaMethod, Option<Preference>); 3];

/// Takes over which factors a user wants. Nothing changes if one of them cannot be.
pub(super) fn prefer(pool: &mut Pool, key: &str, preferences: Preferences) -> Result<(), Error> {
    let user = pool.users.get(key).ok_or(Error::UserNotFound)?;
    let mut factors = user.factors.clone();
    let said = || preferences.iter().filter_map(|(method, preference)| Some((*method, (*preference)?)));
    if said().filter(|(_, preference)| preference.preferred_mfa).count() > 1 {
        return Err(Error::InvalidParameter("Only one MFA method can be preferred".into()));
    }
    for (method, Preference { enabled, preferred_mfa }) in said() {
        if (enabled || preferred_mfa) && !(enabled && pool.has_factor(method) && can_have(user, method)) {
            return Err(Error::NoDeliveryConfig(method.as_str()));
        }
        if enabled {
            factors.enabled.insert(method);
        } else {
            factors.enabled.remove(&method);
        }
        if preferred_mfa {
            factors.preferred = Some(method);
        } else if factors.preferred == Some(method) {
            factors.preferred = None;
        }
    }
    pool.users.get_mut(key).ok_or(Error::UserNotFound)?.factors = factors;
    Ok(())
}

/// `UserMFASettingList` and `PreferredMfaSetting`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    #[serde(rename = "UserMFASettingList", skip_serializing_if = "Vec::is_empty")]
    enabled: Vec<&'static str>,
    #[serde(rename = "PreferredMfaSetting", skip_serializing_if = "Option::is_none")]
    preferred: Option<&'static str>,
}

impl Shown {
    pub(super) fn of(user: &User) -> Self {
        let factors = &user.factors;
        Self {
            enabled: factors.enabled.iter().map(|method| method.as_str()).collect(),
            preferred: factors.preferred.map(MfaMethod::as_str),
        }
    }
}
