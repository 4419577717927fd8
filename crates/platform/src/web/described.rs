//! Operations as a description of an API (OpenAPI 3.1) states them.

use axum::http::Method;
use utoipa::openapi::{
    OpenApi, PathItem, RefOr,
    path::{Operation, ParameterIn},
    security::SecurityRequirement,
};

/// An operation with its route.
pub(crate) struct DescribedOperation<'a> {
    pub(crate) method: Method,
    /// The pattern of the path.
    pub(crate) path: &'a str,
    operation: &'a Operation,
}

/// Iterates over the operations of a description.
pub(crate) fn operations(description: &OpenApi) -> impl Iterator<Item = DescribedOperation<'_>> {
    let paths = description.paths.paths.iter();
    paths.flat_map(|(path, item)| of_path(path, item))
}

fn of_path<'a>(path: &'a str, item: &'a PathItem) -> impl Iterator<Item = DescribedOperation<'a>> {
    let all = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter_map(move |(method, operation)| {
        let operation = operation.as_ref()?;
        Some(DescribedOperation { method, path, operation })
    })
}

impl<'a> DescribedOperation<'a> {
    /// Iterates over the names of the query parameters.
    pub(crate) fn query(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.parameters(ParameterIn::Query)
    }

    /// Returns true if the operation takes this header. Upper and lower case are the same.
    pub(crate) fn takes_header(&self, name: &str) -> bool {
        let mut headers = self.parameters(ParameterIn::Header);
        headers.any(|header| header.eq_ignore_ascii_case(name))
    }

    fn parameters(&self, place: ParameterIn) -> impl Iterator<Item = &'a str> + use<'a> {
        let all = self.operation.parameters.iter().flatten();
        all.filter_map(move |parameter| match parameter {
            RefOr::T(own) if own.parameter_in == place => Some(own.name.as_str()),
            // Routes state their parameters themselves.
            RefOr::T(_) | RefOr::Ref(_) => None,
        })
    }

    /// Returns true if the operation needs neither a session nor a token.
    pub(crate) fn serves_strangers(&self) -> bool {
        let mut schemes = self.operation.security.iter().flatten();
        schemes.any(|scheme| *scheme == SecurityRequirement::default())
    }
}
