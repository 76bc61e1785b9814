//! The devices on which users sign in.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html>

use serde::{Deserialize, Serialize};

use super::{
    Context, attributes::Attribute, error::Error, ids, pool::Pool, srp::Verifier, timestamp::Timestamp, user::User,
};

/// A device that has left what its secret can be checked with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    name: Option<String>,
    pub(super) verifier: Verifier,
    remembered: bool,
    created: Timestamp,
    modified: Timestamp,
    authenticated: Timestamp,
}

impl Device {
    pub(super) fn new(name: Option<String>, verifier: Verifier, remembered: bool, now: Timestamp) -> Self {
        Self { name, verifier, remembered, created: now, modified: now, authenticated: now }
    }

    pub(super) fn remember(&mut self, remembered: bool, now: Timestamp) {
        self.remembered = remembered;
        self.modified = now;
    }

    /// It has proven to be itself.
    pub(super) fn seen(&mut self, now: Timestamp) {
        self.authenticated = now;
    }
}

/// `NewDeviceMetadata`
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewDevice {
    device_key: String,
    device_group_key: String,
}

/// `DeviceType`
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeviceShape {
    device_key: String,
    device_attributes: Vec<Attribute>,
    device_create_date: f64,
    device_last_modified_date: f64,
    device_last_authenticated_date: f64,
}

impl Pool {
    /// Whether the key is that of a device which the pool remembers for the user. One that is not there, or not any more, is an error, by
    /// which clients know that they have to forget it, too.
    pub(super) fn remembers(&self, user: &User, key: Option<&str>) -> Result<bool, Error> {
        let Some(key) = key.filter(|_| self.devices.is_some()) else { return Ok(false) };
        user.devices.get(key).map(|device| device.remembered).ok_or(Error::DeviceNotFound)
    }

    /// Ties a session to the device that has proven to be itself, or else to a new one.
    pub(super) fn tie(&mut self, context: &Context<'_>, session: &str, proven: Option<String>) -> Option<NewDevice> {
        self.devices.filter(|_| !context.caller.is_page())?;
        let is_new = proven.is_none();
        let device_key = proven.unwrap_or_else(|| format!("{}_{}", self.region(), context.random.uuid()));
        let session = self.sessions.get_mut(session)?;
        session.device_key = Some(device_key.clone());
        let user = self.users.get(&session.user)?;
        let device_group_key = self.device_group(user);
        is_new.then_some(NewDevice { device_key, device_group_key })
    }

    /// What all devices of a user have as a part of their proof.
    pub(super) fn device_group(&self, user: &User) -> String {
        ids::device_group(&self.id, user.sub())
    }

    /// What is told of a device of a user.
    pub(super) fn shown_device(&self, user: &User, key: &str) -> Result<DeviceShape, Error> {
        let device = user.devices.get(key).ok_or(Error::DeviceNotFound)?;
        let owner = format!("{}.{}", user.username, self.id);
        let remembered = if device.remembered { "remembered" } else { "not_remembered" };
        let arn = self.arn.rsplit_once(":userpool/").map_or("", |(account, _)| account);
        let said = [
            ("device_status", Some("valid".to_owned())),
            ("device_name", device.name.clone()),
            ("dev:device_arn", Some(format!("{arn}:owner/{owner}/device/{key}"))),
            ("dev:device_owner", Some(owner)),
            ("dev:device_remembered_status", Some(remembered.into())),
        ];
        let said = said.into_iter().filter_map(|(name, value)| Some(Attribute { name: name.into(), value: value? }));
        Ok(DeviceShape {
            device_key: key.into(),
            device_attributes: said.collect(),
            device_create_date: device.created.fractional(),
            device_last_modified_date: device.modified.fractional(),
            device_last_authenticated_date: device.authenticated.fractional(),
        })
    }
}
