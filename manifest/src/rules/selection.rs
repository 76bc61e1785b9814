//! What API Gateway takes from a request, a reply or the moment: `$context.requestId`, `${request.path.id}-1`.

/// A text with variables, as API Gateway's parameter mapping has it.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(Vec<Piece>);

/// A part of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Itself.
    Text(String),
    /// What the variable stands for.
    Variable(Variable),
}

/// What a piece of a selection stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variable {
    /// `$request.header.NAME`, in lower case.
    RequestHeader(String),
    /// `$request.querystring.NAME`
    Query(String),
    /// `$request.body`, or a member of it, `$request.body.a.b`.
    RequestBody(Vec<String>),
    /// `$request.path`
    Path,
    /// `$request.path.NAME`
    PathParameter(String),
    /// `$response.header.NAME`, in lower case.
    ResponseHeader(String),
    /// `$response.body`, or a member of it.
    ResponseBody(Vec<String>),
    /// `$context.NAME`
    Context(String),
    /// `$stageVariables.NAME`
    StageVariable(String),
}

/// The variables of `$context` that both kinds of API have; below `authorizer` there is what the authorizer says.
pub const CONTEXT: [&str; 17] = [
    "accountId",
    "apiId",
    "domainName",
    "domainPrefix",
    "extendedRequestId",
    "httpMethod",
    "identity.sourceIp",
    "identity.userAgent",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "resourcePath",
    "routeKey",
    "stage",
    "authorizer.principalId",
];

impl Selection {
    /// Reads a selection.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(variable) = text.strip_prefix('$').filter(|rest| !rest.starts_with('{')) {
            return Ok(Self(vec![Piece::Variable(Variable::parse(variable)?)]));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, after) = rest.split_at(at);
            let inner = after.strip_prefix("${").and_then(|it| it.split_once('}'));
            let Some((name, behind)) = inner else {
                return Err(format!(
                    "a variable within a text is in braces, and `{text}` has a `$` without: write `${{context.requestId}}`"
                ));
            };
            pieces.extend((!before.is_empty()).then(|| Piece::Text(before.to_owned())));
            pieces.push(Piece::Variable(Variable::parse(name)?));
            rest = behind;
        }
        pieces.extend((!rest.is_empty()).then(|| Piece::Text(rest.to_owned())));
        Ok(Self(pieces))
    }

    /// Its parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Its variables.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Text(_) => None,
        })
    }

    /// What it is with its variables filled in.
    pub fn filled(&self, value: impl Fn(&Variable) -> String) -> String {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable(variable) => value(variable),
        };
        self.0.iter().map(fill).collect()
    }
}

impl Variable {
    fn parse(text: &str) -> Result<Self, String> {
        let (of, name) = text.split_once('.').unwrap_or((text, ""));
        let (place, member) = name.split_once('.').unwrap_or((name, ""));
        let named = |make: fn(String) -> Self| match member.is_empty() {
            false => Ok(make(member.to_owned())),
            true => Err(format!("`${text}` names nothing: write `${text}.NAME`")),
        };
        match (of, place) {
            ("request", "header") => named(|name| Self::RequestHeader(name.to_ascii_lowercase())),
            ("request", "querystring") => named(Self::Query),
            ("request", "path") if member.is_empty() => Ok(Self::Path),
            ("request", "path") => named(Self::PathParameter),
            ("request", "body") => members(member).map(Self::RequestBody),
            ("response", "header") => named(|name| Self::ResponseHeader(name.to_ascii_lowercase())),
            ("response", "body") => members(member).map(Self::ResponseBody),
            ("context", _) => context(name),
            ("stageVariables", _) if !name.is_empty() => Ok(Self::StageVariable(name.to_owned())),
            _ => Err(format!(
                "`${text}` is no variable: there are `$request.header.NAME`, `$request.querystring.NAME`, `$request.path.NAME`, \
                 `$request.body.NAME`, `$context.NAME` and `$stageVariables.NAME`"
            )),
        }
    }

    /// Whether it is of a request and is there before anything has answered.
    pub const fn is_of_request(&self) -> bool {
        !matches!(self, Self::ResponseHeader(_) | Self::ResponseBody(_))
    }
}

/// The members of a JSON path without wildcards, filters and descents.
fn members(path: &str) -> Result<Vec<String>, String> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    match path.split('.').all(is_name) {
        true => Ok(path.split('.').map(str::to_owned).collect()),
        false => Err(format!("`{path}` is no path of members: write `order.id`")),
    }
}

fn context(name: &str) -> Result<Variable, String> {
    let is_of_authorizer = name.strip_prefix("authorizer.").is_some_and(|claim| {
        !claim.is_empty() && claim.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c))
    });
    if is_of_authorizer || CONTEXT.contains(&name) {
        return Ok(Variable::Context(name.to_owned()));
    }
    let near = super::nearest(name, CONTEXT).map_or_else(
        || {
            ": there are `$context.requestId`, `$context.requestTimeEpoch`, `$context.authorizer.claims.sub` and others"
                .to_owned()
        },
        |near| format!(": did you mean `$context.{near}`?"),
    );
    Err(format!("`$context.{name}` is no variable{near}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(text: &str) -> Vec<Variable> {
        Selection::parse(text).unwrap().variables().cloned().collect()
    }

    #[test]
    fn a_variable_stands_alone_or_in_braces() {
        assert_eq!(variables("$context.requestId"), [Variable::Context("requestId".into())]);
        assert_eq!(
            variables("a ${request.path.id}-${stageVariables.color} b"),
            [Variable::PathParameter("id".into()), Variable::StageVariable("color".into())]
        );
        assert_eq!(variables("plain"), []);
        let selection = Selection::parse("a ${request.path.id} b").unwrap();
        assert_eq!(selection.filled(|_| "7".into()), "a 7 b");
    }

    #[test]
    fn every_place_has_its_variables() {
        for (text, expected) in [
            ("$request.header.X-Tenant", Variable::RequestHeader("x-tenant".into())),
            ("$request.querystring.Page", Variable::Query("Page".into())),
            ("$request.path", Variable::Path),
            ("$request.body", Variable::RequestBody(vec![])),
            ("$request.body.order.id", Variable::RequestBody(vec!["order".into(), "id".into()])),
            ("$response.header.ETag", Variable::ResponseHeader("etag".into())),
            ("$context.authorizer.claims.sub", Variable::Context("authorizer.claims.sub".into())),
        ] {
            assert_eq!(variables(text), [expected]);
        }
    }

    #[test]
    fn what_is_no_variable_is_told_apart_from_what_was_meant() {
        for (text, part) in [
            ("$context.requestID", "did you mean `$context.requestId`?"),
            ("$context.nothing", "there are"),
            ("$request.header", "write `$request.header.NAME`"),
            ("$requests.path", "is no variable"),
            ("$request.body..id", "no path of members"),
            ("costs 5$", "in braces"),
        ] {
            let error = Selection::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
