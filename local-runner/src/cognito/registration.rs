use super::{
    Context,
    attributes::{self, Attribute, Writer},
    error::Error,
    pool::{Pool, fold},
    schema::Occasion,
    user::{Status, User},
};

/// A user who is not in the pool yet, if nobody has that name there. Where users sign in with an address, the address
/// is an attribute and Cognito makes up the username.
pub(super) fn new_user(
    pool: &Pool,
    context: &Context<'_>,
    name: &str,
    written: Vec<Attribute>,
    writer: Writer,
    status: Status,
) -> Result<User, Error> {
    let mut written = pool.schema.checked(written, writer, Occasion::Creation)?;
    let sub = context.random.uuid();
    let username = match pool.contact() {
        None => name.to_owned(),
        Some(contact) if !attributes::is_address(contact, name) => {
            return Err(Error::InvalidParameter(format!("Username should be {}.", contact.described())));
        }
        Some(contact) => {
            let address = written.insert(contact.attribute().into(), name.into());
            if address.is_some_and(|other| fold(&other) != fold(name)) {
                return Err(Error::NotEmulated(format!("Another {} than the username", contact.attribute())));
            }
            sub.clone()
        }
    };
    if writer == Writer::Client {
        pool.schema.check_complete(&written, Occasion::Creation)?;
    }
    if pool.key_of(name).is_some() {
        return Err(match (pool.contact(), writer) {
            (Some(contact), _) => Error::ContactTaken(contact.attribute()),
            (None, Writer::Client) => Error::UserExists,
            (None, Writer::Administrator) => Error::AccountExists,
        });
    }
    let mut user = User::new(username, sub, status, context.now);
    user.write(written);
    Ok(user)
}
