use crate::cognito::{error::Error, user::User};

/// The `Filter` of `ListUsers`: `email = "ann@example.com"`, or `email ^= "ann"` for a beginning.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    attribute: String,
    prefix: bool,
    value: String,
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let syntax = || Error::InvalidParameter("Error while parsing filter".into());
        let (left, right) = text.split_once('=').ok_or_else(syntax)?;
        let (left, prefix) = left.strip_suffix('^').map_or((left, false), |left| (left, true));
        let attribute = left.trim().trim_matches('"').to_owned();
        let value = right.trim().strip_prefix('"').and_then(|right| right.strip_suffix('"')).ok_or_else(syntax)?;
        if !SEARCHABLE.contains(&attribute.as_str()) {
            return Err(Error::InvalidParameter(format!("Invalid search attribute: {attribute}")));
        }
        Ok(Self { attribute, prefix, value: value.replace("\\\"", "\"") })
    }

    pub(super) fn matches(&self, user: &User) -> bool {
        let value = match self.attribute.as_str() {
            "username" => user.username.as_str(),
            "cognito:user_status" => user.status.as_str(),
            "status" => {
                if user.enabled {
                    "Enabled"
                } else {
                    "Disabled"
                }
            }
            attribute => user.attributes.get(attribute).map_or("", String::as_str),
        };
        let (value, wanted) = (value.to_lowercase(), self.value.to_lowercase());
        if self.prefix { value.starts_with(&wanted) } else { value == wanted }
    }
}

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html>
const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_an_attribute_and_a_value_or_its_beginning() {
        let filter = |prefix| Filter { attribute: "email".into(), prefix, value: r#"a "b""#.into() };
        assert_eq!(Filter::parse(r#"email = "a \"b\"""#), Ok(filter(false)));
        assert_eq!(Filter::parse(r#""email"^="a \"b\"""#), Ok(filter(true)));
    }

    #[test]
    fn what_is_no_filter_or_cannot_be_searched_is_refused() {
        let refused = |text| Filter::parse(text).unwrap_err().to_string();
        assert_eq!(refused("email"), "Error while parsing filter");
        assert_eq!(refused("email = ann"), "Error while parsing filter");
        assert_eq!(refused(r#"custom:foo = "a""#), "Invalid search attribute: custom:foo");
    }
}
