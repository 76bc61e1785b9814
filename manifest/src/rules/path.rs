use std::fmt;

/// The path of a route: `/orders/{id}`, `/files/{path+}`, or, of an HTTP API, `$default`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathTemplate {
    segments: Vec<Segment>,
    is_default: bool,
}

/// A part of a path between two slashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// Has to be there as it is.
    Literal(String),
    /// `{name}`: any one segment.
    Parameter(String),
    /// `{name+}`: all the rest of the path, at least one segment.
    Rest(String),
}

impl PathTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "$default" {
            return Ok(Self { segments: Vec::new(), is_default: true });
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!("the path `{text}` has to begin with `/`: write `/{text}`"));
        };
        if rest.is_empty() {
            return Ok(Self { segments: Vec::new(), is_default: false });
        }
        let mut segments = Vec::new();
        for part in rest.split('/') {
            if matches!(segments.last(), Some(Segment::Rest(_))) {
                return Err("a greedy parameter `{name+}` has to be the last segment of its path".into());
            }
            segments.push(Segment::parse(part)?);
        }
        let template = Self { segments, is_default: false };
        template.check_names()?;
        Ok(template)
    }

    fn check_names(&self) -> Result<(), String> {
        let mut seen = Vec::new();
        for name in self.parameters() {
            if seen.contains(&name) {
                return Err(format!("the path has the parameter `{{{name}}}` twice: give each its own name"));
            }
            seen.push(name);
        }
        Ok(())
    }

    /// The parts of the path; none for `/` and for `$default`.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// `$default`.
    pub const fn default_route() -> Self {
        Self { segments: Vec::new(), is_default: true }
    }

    /// Whether this is `$default`, which takes what no other route does.
    pub fn is_default(&self) -> bool {
        self.is_default
    }

    /// The names of the parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) | Segment::Rest(name) => Some(name.as_str()),
        })
    }

    /// Whether two templates take the same requests, whatever their parameters are called.
    pub fn same_shape(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }

    /// The template with its parameters left nameless: what two templates that take the same requests have in common.
    #[must_use]
    pub fn shape(&self) -> Self {
        let segments = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Segment::Literal(text.clone()),
            Segment::Parameter(_) => Segment::Parameter(String::new()),
            Segment::Rest(_) => Segment::Rest(String::new()),
        });
        Self { segments: segments.collect(), is_default: self.is_default }
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_default {
            return f.write_str("$default");
        }
        if self.segments.is_empty() {
            return f.write_str("/");
        }
        self.segments.iter().try_for_each(|segment| write!(f, "/{segment}"))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Parameter(name) => write!(f, "{{{name}}}"),
            Self::Rest(name) => write!(f, "{{{name}+}}"),
        }
    }
}

impl Segment {
    fn parse(part: &str) -> Result<Self, String> {
        if part.is_empty() {
            return Err("the path has an empty segment: remove the doubled or trailing `/`".into());
        }
        if let Some(inner) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            let (name, greedy) = inner.strip_suffix('+').map_or((inner, false), |name| (name, true));
            let valid = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
            if name.is_empty() || !valid {
                return Err(format!(
                    "`{part}` is no parameter: write `{{name}}` or `{{name+}}`, with letters, digits, `_`, `-` or `.`"
                ));
            }
            let name = name.to_owned();
            return Ok(if greedy { Self::Rest(name) } else { Self::Parameter(name) });
        }
        if part.contains(['{', '}']) {
            return Err(format!("`{part}` mixes text and a parameter: a parameter is a whole segment, `/{{name}}/`"));
        }
        if let Some(bad) = part.chars().find(|c| !(c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(*c))) {
            return Err(format!(
                "the path has {bad:?}, which a URL's path cannot have: percent-encode it or leave it out"
            ));
        }
        Ok(Self::Literal(part.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_prints_as_it_was_read() {
        for text in ["/", "/orders", "/orders/{id}", "/files/{path+}", "/a/{b}/c/{d+}", "$default", "/.well-known/x"] {
            assert_eq!(PathTemplate::parse(text).map(|t| t.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_bad_template_says_what_to_write() {
        for (text, part) in [
            ("orders", "write `/orders`"),
            ("", "begin with `/`"),
            ("/orders/", "trailing `/`"),
            ("/a//b", "doubled"),
            ("/{rest+}/more", "last segment"),
            ("/{}", "`{}` is no parameter"),
            ("/{a b}", "is no parameter"),
            ("/x{id}", "whole segment"),
            ("/{id}/{id}", "twice"),
            ("/caf\u{e9}", "percent-encode"),
            ("/a?b", "percent-encode"),
        ] {
            let error = PathTemplate::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn parameters_do_not_tell_routes_apart() {
        let parse = |text| PathTemplate::parse(text).unwrap();
        assert!(parse("/orders/{id}").same_shape(&parse("/orders/{order}")));
        assert!(!parse("/orders/{id}").same_shape(&parse("/orders/{id+}")));
        assert!(!parse("/orders/{id}").same_shape(&parse("/orders/new")));
        assert!(!parse("/").same_shape(&parse("$default")));
    }
}
