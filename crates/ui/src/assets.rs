//! Static files of the pages. File names contain a digest of the content, so browsers may cache them forever.

use std::sync::LazyLock;

use axum::{
    Extension,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;
use platform::web::WebError;
use sha2::{Digest, Sha256};

use crate::Community;

/// The caching of files whose names change with their content.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";

/// A file and its path.
struct Asset {
    address: String,
    content_type: &'static str,
    content: &'static str,
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let content = concat!(
        include_str!("../assets/tokens.css"),
        include_str!("../assets/parts.css"),
        include_str!("../assets/tables.css"),
        include_str!("../assets/docs.css"),
        include_str!("../assets/charts.css"),
        include_str!("../assets/work.css"),
    );
    Asset::new("style", "css", "text/css; charset=utf-8", content)
});

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/app.js");
    Asset::new("app", "js", "text/javascript; charset=utf-8", content)
});

static PUSH: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/push.js");
    Asset::new("push", "js", "text/javascript; charset=utf-8", content)
});

static CHECK: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/check.js");
    Asset::new("check", "js", "text/javascript; charset=utf-8", content)
});

static MARK: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/mark.svg");
    Asset::new("mark", "svg", "image/svg+xml", content)
});

impl Asset {
    fn new(name: &str, extension: &str, content_type: &'static str, content: &'static str) -> Self {
        Self { address: address(name, extension, content.as_bytes()), content_type, content }
    }
}

/// Returns the path of a file, which changes with its content.
pub(crate) fn address(name: &str, extension: &str, content: &[u8]) -> String {
    let digest = hex::encode(&Sha256::digest(content)[..8]);
    format!("/assets/{name}-{digest}.{extension}")
}

/// Returns the path of the stylesheet.
pub fn style() -> &'static str {
    &STYLE.address
}

/// Returns the path of the script.
pub fn script() -> &'static str {
    &SCRIPT.address
}

/// Returns the path of the script that registers a browser for push notifications.
pub fn push_script() -> &'static str {
    &PUSH.address
}

/// Returns the path of the script that checks a form while it is filled in.
pub fn check_script() -> &'static str {
    &CHECK.address
}

/// `GET /service-worker.js`: the script that shows push notifications in a browser. Its path is fixed so that
/// browsers find updates, and at the root so that it covers the whole site.
pub async fn service_worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("../assets/service-worker.js")).into_response()
}

/// Returns the path of the logo.
pub fn mark() -> &'static str {
    &MARK.address
}

/// `GET /assets/{file}`: serves a static file.
pub async fn asset(
    community: Option<Extension<Community>>,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let own = community.and_then(|Extension(own)| own.file(&format!("/assets/{file}")));
    if let Some((content_type, content)) = own {
        // An image that is opened by itself runs nothing.
        let policy =
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, HeaderValue::from_static(FOREVER)),
            (header::CONTENT_SECURITY_POLICY, policy),
        ];
        return Ok((headers, content).into_response());
    }
    let found = [&*STYLE, &*SCRIPT, &*PUSH, &*CHECK, &*MARK]
        .into_iter()
        .find(|asset| asset.address.strip_prefix("/assets/") == Some(&file));
    let gone = || Problem::not_found("File not found. Reload the page that requested it.");
    let asset = found.ok_or_else(gone)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOREVER)),
    ];
    Ok((headers, asset.content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn assets_are_served_by_full_name_only() {
        let name = style().trim_start_matches("/assets/").to_owned();
        let response = asset(None, Path(name)).await.expect("the stylesheet");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        for wrong in ["style.css", "style-0000000000000000.css", "", "../Cargo.toml"] {
            assert!(asset(None, Path(wrong.to_owned())).await.is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_stylesheet_loads_no_other_file() {
        assert!(!STYLE.content.contains("url("), "the policy lets nothing else in");
        assert!(!STYLE.content.contains("@import"));
    }
}
