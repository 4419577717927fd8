//! Stored pictures over HTTP.

use std::{sync::LazyLock, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use kernel::Problem;
use moka::sync::Cache;

use super::store;
use crate::{Context, module::Services, web::WebError};

/// The maximum number of bytes of pictures that are kept in memory, and how long: a removed picture is gone after that.
const KEPT_BYTES: u64 = 8 << 20;
const KEPT: Duration = Duration::from_secs(30);
/// The number of digits of a hash.
const DIGITS: usize = 64;

/// Caching of files that are named by their content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Nothing in a picture that is opened by itself runs or loads.
const POLICY: &str = "default-src 'none'; sandbox";

static RECENT: LazyLock<Cache<String, Bytes>> = LazyLock::new(|| {
    let weight = |_: &String, file: &Bytes| u32::try_from(file.len() + 128).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).time_to_live(KEPT).build()
});

/// Returns the route of stored pictures.
pub(crate) fn routes(services: &Services) -> Router {
    Router::new().route("/pictures/{file}", get(picture)).with_state(services.context.clone())
}

/// `GET /pictures/{file}`: a stored picture by its hash and its format.
async fn picture(
    State(context): State<Context>,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let (hash, content_type) = named(&file).ok_or_else(unknown)?;
    let content = match RECENT.get(&file) {
        Some(content) => content,
        None => {
            let found = store::file(&context.db, hash).await?;
            let found = found.filter(|found| file.ends_with(&format!(".{}", found.extension)));
            let content = Bytes::from(found.ok_or_else(unknown)?.content);
            RECENT.insert(file.clone(), content.clone());
            content
        }
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, FOREVER),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, content).into_response())
}

/// Returns the hash in a file name, and its content type.
fn named(file: &str) -> Option<(&str, &'static str)> {
    let (hash, extension) = file.split_once('.')?;
    let is_hash = hash.len() == DIGITS
        && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let content_type = match extension {
        "jpg" => "image/jpeg",
        "png" => "image/png",
        _ => return None,
    };
    is_hash.then_some((hash, content_type))
}

fn unknown() -> Problem {
    Problem::not_found("This picture does not exist or was removed.")
}
