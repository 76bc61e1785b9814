use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom_manifest::{Devices, Manifest, Mfa, PasswordPolicy, SignIn, UserPoolClient};

use super::{
    challenge::Challenges,
    client::Client,
    error::Error,
    group::{self, Group},
    ids,
    message::{Medium, Message},
    oauth::{Domain, Kept},
    schema::Schema,
    session::Session,
    stranger::Strangers,
    timestamp::Timestamp,
    trigger::Triggers,
    user::User,
};
use crate::site::Site;

/// Every user pool of the application, as plain data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pools {
    pools: Vec<Pool>,
    /// What was sent to users. Not kept on disk: it has temporary passwords.
    #[serde(skip)]
    pub(super) messages: Vec<Message>,
    /// How many were sent in all.
    #[serde(skip)]
    pub(super) sent: usize,
}

impl Pools {
    pub(super) fn new(manifest: &Manifest, site: &Site, now: Timestamp) -> Self {
        Self {
            pools: manifest
                .user_pools
                .iter()
                .map(|pool| Pool { triggers: Triggers::of(manifest, &pool.name, site), ..Pool::new(pool, site, now) })
                .collect(),
            messages: Vec::new(),
            sent: 0,
        }
    }

    /// Takes over what the pools have sent.
    pub(super) fn collect(&mut self) {
        let new: Vec<_> = self.pools.iter_mut().flat_map(|pool| pool.outgoing.drain(..)).collect();
        new.into_iter().for_each(|message| self.keep(message));
    }

    /// Takes over the users of an earlier run. A pool that lets users sign in with something else is another pool to
    /// Cognito, and begins empty.
    pub(super) fn adopt(&mut self, earlier: Self) {
        self.messages = earlier.messages;
        self.sent = earlier.sent;
        for old in earlier.pools {
            if let Some(pool) = self.pools.iter_mut().find(|it| it.id == old.id && it.sign_in == old.sign_in) {
                pool.created = old.created;
                pool.users = old.users;
                pool.sessions = old.sessions;
                pool.challenges = old.challenges;
                pool.strangers = old.strangers;
                let made = old.groups.into_iter().filter(|(_, group)| !group.declared);
                made.for_each(|(name, group)| _ = pool.groups.entry(name).or_insert(group));
                pool.oauth.kept = old.oauth.kept;
                for user in pool.users.values_mut() {
                    user.groups.retain(|group| pool.groups.contains_key(group));
                    user.keep_to(&pool.schema);
                }
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pool> {
        self.pools.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pool> {
        self.pools.iter_mut()
    }

    pub(super) fn by_id(&mut self, id: &str) -> Result<&mut Pool, Error> {
        self.iter_mut().find(|pool| pool.id == id).ok_or_else(|| Error::PoolNotFound(id.into()))
    }

    pub(super) fn by_client(&mut self, id: &str) -> Result<&mut Pool, Error> {
        self.iter_mut().find(|pool| pool.has_client(id)).ok_or_else(|| Error::ClientNotFound(id.into()))
    }

    /// The pool, if the client is one of its.
    pub(super) fn by_id_and_client(&mut self, id: &str, client: &str) -> Result<&mut Pool, Error> {
        let pool = self.by_id(id)?;
        if pool.has_client(client) { Ok(pool) } else { Err(Error::ClientNotFound(client.into())) }
    }
}

/// One user pool and its own client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pool {
    pub(super) id: String,
    pub(super) client_id: String,
    /// Its name in the manifest.
    pub(super) name: String,
    pub(super) physical_name: String,
    pub(super) arn: String,
    pub(super) sign_in: SignIn,
    pub(super) self_sign_up: bool,
    #[serde(default, rename = "groups_by_name")]
    pub(super) groups: BTreeMap<String, Group>,
    /// What follows comes from the manifest alone.
    #[serde(skip)]
    pub(super) mfa: Option<Mfa>,
    #[serde(skip)]
    pub(super) password: PasswordPolicy,
    #[serde(skip)]
    pub(super) client: UserPoolClient,
    #[serde(skip)]
    pub(super) devices: Option<Devices>,
    #[serde(skip)]
    pub(super) schema: Schema,
    /// What was sent to users since the last operation.
    #[serde(skip)]
    outgoing: Vec<Message>,
    /// The functions that it asks.
    #[serde(skip)]
    pub(super) triggers: Triggers,
    /// Its domain with the sign-in page.
    #[serde(default)]
    pub(super) oauth: Domain,
    pub(super) created: Timestamp,
    /// By folded username.
    pub(super) users: BTreeMap<String, User>,
    /// By `origin_jti`.
    pub(super) sessions: BTreeMap<String, Session>,
    /// By the `Session` that the client has to show.
    pub(super) challenges: Challenges,
    /// Not kept on disk: nobody is.
    #[serde(skip)]
    pub(super) strangers: Strangers,
}

impl Pool {
    fn new(pool: &skyloom_manifest::UserPool, site: &Site, now: Timestamp) -> Self {
        let id = ids::pool_id(&site.region, &site.application, &pool.name);
        let groups = group::declared(pool, &id, now);
        Self {
            client_id: ids::client_id(&id),
            name: pool.name.clone(),
            physical_name: site.physical_name(&pool.name),
            arn: site.arn("cognito-idp", &format!("userpool/{id}")),
            id,
            sign_in: pool.sign_in,
            self_sign_up: pool.self_sign_up,
            groups,
            mfa: pool.mfa.clone(),
            password: pool.password,
            client: pool.client.clone(),
            devices: pool.devices,
            schema: Schema::of(pool),
            outgoing: Vec::new(),
            triggers: Triggers::default(),
            oauth: Domain { declared: pool.oauth.clone(), kept: Kept::default() },
            created: now,
            users: BTreeMap::new(),
            sessions: BTreeMap::new(),
            challenges: Challenges::default(),
            strangers: Strangers::default(),
        }
    }

    /// What a client is called at AWS.
    pub(super) fn physical_name_of(&self, client: &Client) -> String {
        let application = self.physical_name.strip_suffix(&self.name).unwrap_or_default();
        format!("{application}{}", client.name)
    }

    /// An id begins with its region.
    pub(super) fn region(&self) -> &str {
        self.id.split_once('_').map_or("", |(region, _)| region)
    }

    /// The id without its region, as clients name the pool in a proof.
    pub(super) fn short_id(&self) -> &str {
        self.id.split_once('_').map_or(&self.id, |(_, id)| id)
    }

    fn has_client(&self, id: &str) -> bool {
        self.client_id == id || self.client_with_id(id).is_some()
    }

    pub(super) fn send(&mut self, message: Message) {
        self.outgoing.push(message);
    }

    /// The user of that username, `sub`, or e-mail address or phone number where users sign in with it.
    pub(super) fn user(&mut self, name: &str) -> Result<&mut User, Error> {
        let key = self.key_of(name).ok_or(Error::UserNotFound)?;
        self.users.get_mut(&key).ok_or(Error::UserNotFound)
    }

    /// Where the user is in `users`.
    pub(super) fn key_of(&self, name: &str) -> Option<String> {
        let folded = fold(name);
        if self.users.contains_key(&folded) {
            return Some(folded);
        }
        let contact = self.contact();
        let found = self.users.iter().find(|(_, user)| {
            let is_own = !user.is_federated(); // the address of another provider's user signs nobody in
            let alias = contact.filter(|_| is_own).and_then(|contact| user.attributes.get(contact.attribute()));
            user.sub() == name || alias.is_some_and(|alias| fold(alias) == folded)
        });
        found.map(|(key, _)| key.clone())
    }

    /// Forgets a user, and all that names them by their place: whoever has the name next is somebody else.
    pub(super) fn remove(&mut self, key: &str) {
        self.users.remove(key);
        self.sessions.retain(|_, session| session.user != key);
        self.challenges.retain(|challenge| !challenge.is_of(key));
        self.oauth.kept.forget_user(key);
    }

    /// The kind of address that users sign in with, if they do with one.
    pub(super) fn contact(&self) -> Option<Medium> {
        match self.sign_in {
            SignIn::Email => Some(Medium::Email),
            SignIn::Phone => Some(Medium::Sms),
            SignIn::Username => None,
        }
    }

    /// The kind of address that Cognito verifies, and to which it sends codes.
    pub(super) fn verified(&self) -> Medium {
        self.contact().unwrap_or(Medium::Email)
    }
}

/// Usernames and addresses are the same in capitals and small letters.
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}
