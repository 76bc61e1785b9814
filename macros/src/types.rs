//! What can be known of a type from its tokens alone: macros run before names are resolved.

use syn::{GenericArgument, Ident, PathArguments, PathSegment, Type};

/// The last segment of a type's path: `Json<T>` of `skyloom::Json<T>`.
pub(crate) fn segment(ty: &Type) -> Option<&PathSegment> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Whether the last segment of the type's path is this name.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The name of the last segment.
pub(crate) fn name(ty: &Type) -> Option<&Ident> {
    segment(ty).map(|segment| &segment.ident)
}

/// The type arguments of the last segment: `T` of `Path<T>`.
pub(crate) fn arguments(ty: &Type) -> Vec<&Type> {
    match segment(ty).map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(list)) => list.args.iter().filter_map(as_type).collect(),
        _ => Vec::new(),
    }
}

fn as_type(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The argument that an `Option<…>` or `Result<…, _>` may hold, or the type itself.
pub(crate) fn unwrapped(ty: &Type) -> &Type {
    if !is_named(ty, "Option") && !is_named(ty, "Result") {
        return ty;
    }
    arguments(ty).first().map_or(ty, |inner| unwrapped(inner))
}

/// `T` of `Option<T>`.
pub(crate) fn option_of(ty: &Type) -> Option<&Type> {
    if !is_named(ty, "Option") {
        return None;
    }
    arguments(ty).first().copied()
}

/// `T` of `Box<T>`, which is stored as `T`.
pub(crate) fn box_of(ty: &Type) -> Option<&Type> {
    if !is_named(ty, "Box") {
        return None;
    }
    arguments(ty).first().copied()
}

/// Without the parentheses and the invisible groups that a `macro_rules!` puts around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        _ => ty,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    #[test]
    fn options_and_results_are_looked_through() {
        let ty: Type = parse_quote!(Result<Option<skyloom::Json<New>>, Rejection>);
        assert_eq!(unwrapped(&ty).to_token_stream().to_string(), "skyloom :: Json < New >");
        assert!(is_named(unwrapped(&ty), "Json"));
    }

    #[test]
    fn lifetimes_and_constants_are_no_type_arguments() {
        let ty: Type = parse_quote!(Page<'a, Order, 5>);
        assert_eq!(arguments(&ty).len(), 1);
    }

    #[test]
    fn a_type_without_a_path_has_no_name() {
        let ty: Type = parse_quote!((A, B));
        assert!(name(&ty).is_none());
        assert!(arguments(&ty).is_empty());
    }
}
