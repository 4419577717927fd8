use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{List, Next};

/// Responds with 201, the new resource, and its path in `Location`.
#[derive(Clone, Debug)]
pub struct Created<T> {
    /// The path of the new resource.
    pub location: String,
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let location = [(header::LOCATION, self.location)];
        (StatusCode::CREATED, location, Json(self.body)).into_response()
    }
}

/// A body that contains one page of a list.
pub trait Page: Serialize {
    /// Parameters that say where a page starts, which the next page's cursor replaces.
    const START: &'static [&'static str] = &["cursor"];

    /// Returns the cursor of the next page; `None` on the last page.
    fn next_cursor(&self) -> Option<&str>;
}

impl<T: Serialize> Page for List<T> {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// Responds with a page of a list, and the URL of the next page in `Link` (RFC 8288).
#[derive(Clone, Debug)]
pub struct Paged<T>(pub T);

/// The cursor that [`link`] writes, and the parameters that it replaces.
#[derive(Clone, Debug)]
struct NextPage(String, &'static [&'static str]);

impl<T: Page> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let next = self.0.next_cursor();
        let next = next.map(|cursor| NextPage(cursor.to_owned(), T::START));
        let mut response = Json(self.0).into_response();
        if let Some(next) = next {
            response.extensions_mut().insert(next);
        }
        response
    }
}

/// Adds `Link` to the pages of lists, which only this layer can do: handlers do not know the request's filters.
pub async fn link(request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    let next = response.extensions_mut().remove::<NextPage>();
    let link = next.and_then(|next| {
        let address = address_of(&uri, &next)?;
        HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok()
    });
    if let Some(link) = link {
        response.headers_mut().append(header::LINK, link);
    }
    response
}

/// Returns the path and query of a request with the cursor of the next page.
fn address_of(uri: &Uri, NextPage(cursor, start): &NextPage) -> Option<String> {
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let mut query = query.0;
    query.retain(|(name, _)| !start.contains(&name.as_str()));
    query.push(("cursor".to_owned(), cursor.clone()));
    let query = serde_urlencoded::to_string(query).ok()?;
    Some(format!("{}?{query}", uri.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_has_the_same_filters() {
        let next = |address: &str| {
            let uri = address.parse().expect("an address");
            let page = NextPage("9.a b".to_owned(), &["cursor", "rank"]);
            address_of(&uri, &page).expect("a link")
        };
        assert_eq!(next("/list"), "/list?cursor=9.a+b");
        let filtered = "/list?state=dead%26gone&cursor=8&limit=2";
        assert_eq!(next(filtered), "/list?state=dead%26gone&limit=2&cursor=9.a+b");
        assert_eq!(next("/board?rank=3"), "/board?cursor=9.a+b");
    }
}
