//! Static files of the pages. File names contain a digest of the content, so browsers may cache them forever.

mod guide_pictures;
mod style;

use std::sync::LazyLock;

use axum::{
    Extension,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use kernel::Problem;
use platform::web::{Packed, WebError};
use sha2::{Digest, Sha256};

use crate::{Community, mark as community_mark};

pub(crate) use guide_pictures::GuidePicture;
use style::compact;

/// The caching of files whose names change with their content.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// A file and its path.
struct Asset {
    address: String,
    content_type: &'static str,
    content: Packed,
}

/// The styles of every page: values, and the parts of the frame and of pages.
static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let content = concat!(
        include_str!("../assets/tokens.css"),
        include_str!("../assets/components.css"),
        include_str!("../assets/parts.css"),
    );
    Asset::new("style", "css", CSS, compact(content))
});

static PUBLIC: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/public.css");
    Asset::new("public", "css", CSS, compact(content))
});

static WORK: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/work.css");
    Asset::new("work", "css", CSS, compact(content))
});

static PROGRAMMES: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/programmes.css");
    Asset::new("programmes", "css", CSS, compact(content))
});

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = concat!(include_str!("../assets/dates.js"), include_str!("../assets/app.js"));
    Asset::new("app", "js", JAVASCRIPT, content)
});

static PUSH: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("push", "js", JAVASCRIPT, include_str!("../assets/push.js")));

static CHECK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("check", "js", JAVASCRIPT, include_str!("../assets/check.js")));

static CROP: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("crop", "js", JAVASCRIPT, include_str!("../assets/crop.js")));

static TRY: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("try", "js", JAVASCRIPT, include_str!("../assets/try.js")));

static MARK: LazyLock<Asset> = LazyLock::new(|| Asset::drawing("mark", community_mark::OWN));

static EVENING: LazyLock<Asset> =
    LazyLock::new(|| Asset::drawing("hall-evening", include_str!("../assets/hall-evening.svg")));

static STEP_PICK: LazyLock<Asset> =
    LazyLock::new(|| Asset::drawing("step-pick", include_str!("../assets/step-pick.svg")));

static STEP_MERGE: LazyLock<Asset> =
    LazyLock::new(|| Asset::drawing("step-merge", include_str!("../assets/step-merge.svg")));

/// The pictures of the setup: a front that gains a window with each step.
static SETUP: [LazyLock<Asset>; 6] = [
    LazyLock::new(|| Asset::drawing("setup-1", include_str!("../assets/setup-1.svg"))),
    LazyLock::new(|| Asset::drawing("setup-2", include_str!("../assets/setup-2.svg"))),
    LazyLock::new(|| Asset::drawing("setup-3", include_str!("../assets/setup-3.svg"))),
    LazyLock::new(|| Asset::drawing("setup-4", include_str!("../assets/setup-4.svg"))),
    LazyLock::new(|| Asset::drawing("setup-5", include_str!("../assets/setup-5.svg"))),
    LazyLock::new(|| Asset::drawing("setup-6", include_str!("../assets/setup-6.svg"))),
];

/// The pictures of programs.
static PROGRAMS: [LazyLock<Asset>; 4] = [
    LazyLock::new(|| {
        Asset::drawing("programme-seasons", include_str!("../assets/programme-seasons.svg"))
    }),
    LazyLock::new(|| {
        Asset::drawing("programme-hackathons", include_str!("../assets/programme-hackathons.svg"))
    }),
    LazyLock::new(|| {
        Asset::drawing("programme-teams", include_str!("../assets/programme-teams.svg"))
    }),
    LazyLock::new(|| {
        Asset::drawing("programme-issues", include_str!("../assets/programme-issues.svg"))
    }),
];

/// The drawings that pages link.
static DRAWINGS: [&LazyLock<Asset>; 4] = [&MARK, &EVENING, &STEP_PICK, &STEP_MERGE];

impl Asset {
    fn new(
        name: &str,
        extension: &str,
        content_type: &'static str,
        content: impl Into<Bytes>,
    ) -> Self {
        let content = content.into();
        let address = address(name, extension, &content);
        Self { address, content_type, content: Packed::of(content) }
    }

    fn drawing(name: &str, content: &'static str) -> Self {
        Self::new(name, "svg", "image/svg+xml", content)
    }
}

/// Returns the path of a file, which changes with its content.
pub(crate) fn address(name: &str, extension: &str, content: &[u8]) -> String {
    let digest = hex::encode(&Sha256::digest(content)[..8]);
    format!("/assets/{name}-{digest}.{extension}")
}

/// Returns the path of the stylesheet that all pages share.
pub fn style() -> &'static str {
    &STYLE.address
}

/// Returns the path of the stylesheet of a family of pages: `public`, which guests see, `work`, for people who have work to do, or
/// `programmes`. An unknown name is `public`.
pub fn family(name: &str) -> &'static str {
    match name {
        "work" => &WORK.address,
        "programmes" => &PROGRAMMES.address,
        _ => &PUBLIC.address,
    }
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

/// Returns the path of the script that shows the part of a picture that is kept.
pub fn crop_script() -> &'static str {
    &CROP.address
}

/// Returns the path of the script that sends requests from the documentation of the API.
pub fn try_script() -> &'static str {
    &TRY.address
}

/// `GET /service-worker.js`: the script that shows push notifications in a browser. Its path is fixed so that
/// browsers find updates, and at the root so that it covers the whole site.
pub async fn service_worker() -> Response {
    let headers = [(header::CONTENT_TYPE, JAVASCRIPT), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../assets/service-worker.js")).into_response()
}

/// Returns the path of the logo.
pub fn mark() -> &'static str {
    &MARK.address
}

/// Returns the path of the picture of error pages.
pub fn evening() -> &'static str {
    &EVENING.address
}

/// Returns the path of the drawing of a person who chooses an issue.
pub fn step_pick() -> &'static str {
    &STEP_PICK.address
}

/// Returns the path of the drawing of a change that is merged.
pub fn step_merge() -> &'static str {
    &STEP_MERGE.address
}

/// Returns the response with the mark of a community for emails.
fn mark_of(community: &Community) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, community.mark_as_png()).into_response()
}

/// Returns the path of the picture of a step of the setup, from 0; that of the last one after it.
pub fn setup(step: usize) -> &'static str {
    &SETUP[step.min(SETUP.len() - 1)].address
}

/// Returns the path of the picture of a program, by its file name without the extension; that of the first one if there is none.
pub fn program(name: &str) -> &'static str {
    let own = format!("/assets/{name}-");
    let found = PROGRAMS.iter().find(|asset| asset.address.starts_with(&own));
    &found.unwrap_or(&PROGRAMS[0]).address
}

/// `GET /assets/{file}`: serves a static file.
pub async fn asset(
    community: Option<Extension<Community>>,
    Path(file): Path<String>,
    asked: HeaderMap,
) -> Result<Response, WebError> {
    let community = community.map(|Extension(community)| community);
    if file == community_mark::FILE {
        return Ok(mark_of(&community.unwrap_or_default()));
    }
    let own = community.and_then(|own| own.file(&format!("/assets/{file}")));
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
    if let Some(response) = GuidePicture::response(&format!("/assets/{file}")) {
        return Ok(response);
    }
    let found = [&STYLE, &PUBLIC, &WORK, &PROGRAMMES, &SCRIPT, &PUSH, &CHECK, &CROP, &TRY]
        .into_iter()
        .chain(DRAWINGS)
        .chain(&SETUP)
        .chain(&PROGRAMS)
        .map(LazyLock::force)
        .find(|asset| asset.address.strip_prefix("/assets/") == Some(&file));
    let gone = || Problem::not_found("File not found. Reload the page that requested it.");
    let asset = found.ok_or_else(gone)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOREVER)),
    ];
    let (coded, content) = asset.content.form(&asked);
    Ok((headers, coded, content).into_response())
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    /// The largest compressed size of the styles of one page.
    const MOST: usize = 24 * 1024;

    async fn sent(file: &str, coding: &'static str) -> Response {
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding));
        let name = file.trim_start_matches("/assets/").to_owned();
        asset(None, Path(name), asked).await.expect("a file")
    }

    #[tokio::test]
    async fn assets_are_served_by_full_name_only() {
        let response = sent(style(), "identity").await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], CSS);
        assert!(response.headers().get(header::CONTENT_ENCODING).is_none());
        for wrong in ["style.css", "style-0000000000000000.css", "", "../Cargo.toml"] {
            let answer = asset(None, Path(wrong.to_owned()), HeaderMap::new()).await;
            assert!(answer.is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn the_mark_has_a_name_for_emails() {
        let response = sent("/assets/mark.png", "identity").await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "image/png");
        let body = to_bytes(response.into_body(), MOST).await.expect("a body");
        assert!(body.starts_with(b"\x89PNG"));
    }

    #[tokio::test]
    async fn the_styles_of_a_page_are_small() {
        for coding in ["br", "zstd"] {
            for name in ["public", "work", "programmes"] {
                let mut size = 0;
                for file in [style(), family(name)] {
                    let response = sent(file, coding).await;
                    assert_eq!(response.headers()[header::CONTENT_ENCODING], coding);
                    size += to_bytes(response.into_body(), MOST).await.expect("a body").len();
                }
                assert!(size <= MOST, "{name} in {coding}: {size} bytes");
            }
        }
    }

    #[test]
    fn each_program_has_its_own_picture() {
        let names = ["seasons", "hackathons", "teams", "issues"];
        for name in names.map(|name| format!("programme-{name}")) {
            assert!(program(&name).starts_with(&format!("/assets/{name}-")), "{name}");
        }
        assert_eq!(program("unknown"), PROGRAMS[0].address);
    }

    #[test]
    fn the_stylesheets_load_no_other_file() {
        for sheet in [&*STYLE, &*PUBLIC, &*WORK, &*PROGRAMMES] {
            let text = String::from_utf8_lossy(sheet.content.plain());
            assert!(!text.contains("url("), "the policy lets nothing else in: {}", sheet.address);
            assert!(!text.contains("@import"), "{}", sheet.address);
        }
        assert_eq!(family("unknown"), family("public"));
    }
}
