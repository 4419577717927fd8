use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{MatchedPath, Request},
    http::{Method, Uri},
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use utoipa::openapi::OpenApi;

use super::{Next, WebError, described::operations};

/// The maximum number of characters of an unknown name that a message repeats.
pub(super) const LONGEST_NAME: usize = 60;

/// The query parameters of one operation: its method and its names.
type Operation = (Method, Vec<String>);

/// The query parameters of each described operation, by the route's path. Other names are refused, because a
/// misspelled filter that is ignored returns the wrong rows.
#[derive(Debug, Default)]
pub struct KnownParameters(HashMap<String, Vec<Operation>>);

impl KnownParameters {
    /// Reads the query parameters of the described operations.
    #[must_use]
    pub fn of(description: &OpenApi) -> Self {
        let mut routes: HashMap<String, Vec<Operation>> = HashMap::new();
        for operation in operations(description) {
            let names = operation.query().map(str::to_owned).collect();
            let route = routes.entry(operation.path.to_owned()).or_default();
            route.push((operation.method, names));
        }
        Self(routes)
    }

    /// Returns the names that an operation takes; `None` if the operation is not described.
    fn names(&self, route: &str, method: &Method) -> Option<&[String]> {
        let method = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        let mut operations = self.0.get(route)?.iter();
        let (_, names) = operations.find(|(known, _)| known == method)?;
        Some(names)
    }

    fn check(&self, route: &str, method: &Method, uri: &Uri) -> Result<(), Problem> {
        let Some(names) = self.names(route, method) else {
            return Ok(());
        };
        let given = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
        let given = given.map(|query| query.0).unwrap_or_default();
        match given.iter().find(|(name, _)| !names.contains(name)) {
            Some((name, _)) => Err(unknown(name, names)),
            None => Ok(()),
        }
    }
}

fn unknown(name: &str, known: &[String]) -> Problem {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let detail = match known {
        [] => format!("Unknown query parameter '{name}': this operation takes none. Remove it."),
        known => format!(
            "Unknown query parameter '{name}': this operation takes {}. Correct or remove it.",
            known.join(", ")
        ),
    };
    Problem::new(ProblemKind::Malformed, "UNKNOWN_PARAMETER", detail)
}

/// Refuses requests with a query parameter that the operation does not describe.
pub async fn known_parameters(
    known: Arc<KnownParameters>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let checked = match (request.uri().query(), route) {
        (Some(_), Some(route)) => known.check(route.as_str(), request.method(), request.uri()),
        _ => Ok(()),
    };
    match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => WebError::from(problem).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::path::{
        HttpMethod, Operation as PathOperation, OperationBuilder, ParameterBuilder, ParameterIn,
        PathItem, Paths,
    };

    use super::*;

    fn says(method: &Method, address: &str) -> String {
        let parameter = |name| ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
        let key = ParameterBuilder::new().name("Key").parameter_in(ParameterIn::Header);
        let mut list = PathItem::new(
            HttpMethod::Get,
            OperationBuilder::new()
                .parameter(parameter("limit"))
                .parameter(parameter("cursor"))
                .parameter(key),
        );
        list.post = Some(PathOperation::new());
        let paths = Paths::builder().path("/list", list);
        let known = KnownParameters::of(&OpenApi::builder().paths(paths).build());
        let uri: Uri = address.parse().expect("an address");
        match known.check(uri.path(), method, &uri) {
            Ok(()) => String::new(),
            Err(problem) => problem.detail,
        }
    }

    #[test]
    fn only_described_parameters_pass() {
        for address in ["/list", "/list?", "/list?limit=1&cursor=x", "/other?x=1"] {
            assert_eq!(says(&Method::GET, address), "", "{address}");
            assert_eq!(says(&Method::HEAD, address), "", "{address}");
        }
        let words = "Unknown query parameter 'limt': this operation takes limit, cursor. Correct or remove it.";
        assert_eq!(says(&Method::GET, "/list?limit=1&limt=2"), words);
        let words = "Unknown query parameter 'limit': this operation takes none. Remove it.";
        assert_eq!(says(&Method::POST, "/list?limit=1"), words);
        let long = says(&Method::GET, &format!("/list?{}=1", "x".repeat(500)));
        assert!(long.len() < 150, "{long}");
    }
}
