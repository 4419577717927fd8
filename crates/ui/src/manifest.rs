//! The manifest by which a phone or a desktop installs the pages like an app.

use axum::{
    Extension, Json,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::Community;

/// The color of the header, around the pages of an installed app.
pub(crate) const COLOR: &str = "#15342a";
/// The color of the header at night.
pub(crate) const COLOR_AT_NIGHT: &str = "#0b2019";
/// The color of a page until its first part is drawn.
const GROUND: &str = "#edf0eb";

#[derive(Serialize)]
struct Manifest<'a> {
    id: &'a str,
    name: &'a str,
    short_name: &'a str,
    description: &'a str,
    start_url: &'a str,
    scope: &'a str,
    display: &'a str,
    theme_color: &'a str,
    background_color: &'a str,
    icons: [Icon<'a>; 1],
}

#[derive(Serialize)]
struct Icon<'a> {
    src: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    sizes: &'a str,
}

/// `GET /manifest.webmanifest`.
pub(crate) async fn manifest(community: Option<Extension<Community>>) -> Response {
    let community = community.map(|Extension(community)| community).unwrap_or_default();
    let manifest = Manifest {
        id: "/",
        name: &community.name,
        short_name: &community.name,
        description: &community.description,
        start_url: "/",
        scope: "/",
        display: "minimal-ui",
        theme_color: COLOR,
        background_color: GROUND,
        icons: [Icon { src: community.icon(), kind: community.icon_type(), sizes: "any" }],
    };
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, Json(manifest)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn the_manifest_names_the_community() {
        let answer = manifest(None).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/manifest+json");
        let body = to_bytes(answer.into_body(), 4096).await.expect("a body");
        let text = String::from_utf8_lossy(&body);
        for part in
            ["\"name\":\"Guildhall\"", "\"start_url\":\"/\"", "\"sizes\":\"any\"", "/assets/mark-"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        for color in [COLOR, COLOR_AT_NIGHT, GROUND] {
            assert!(include_str!("../assets/tokens.css").contains(color), "{color}");
        }
    }
}
