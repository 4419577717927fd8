//! The API description: complete, current and served.

use std::{collections::BTreeSet, fs};

use guildhall::MODULES;
use platform::{
    module::Description,
    web::{SECOND_FACTOR_REQUIRED, SIGN_IN_REQUIRED},
};

use crate::app::{
    TestApp,
    sources::{self, root},
};

#[test]
fn the_committed_description_is_current() {
    let kept = fs::read_to_string(root().join("docs/openapi.json")).unwrap_or_default();
    assert!(
        kept == Description::of(MODULES).text(),
        "docs/openapi.json is stale: write it anew with `cargo run -- openapi > docs/openapi.json`"
    );
}

#[tokio::test]
async fn every_route_of_the_api_is_described() {
    let app = TestApp::start().await;
    // A router reveals its routes only in its debug output.
    let router = format!("{:?}", app.server.router(None));
    let routes: BTreeSet<&str> = router
        .split('"')
        .filter(|text| {
            ["/api/v1/", "/api/internal/", "/api/hackathons/"]
                .iter()
                .any(|path| text.starts_with(path))
        })
        .collect();
    let description = Description::of(MODULES);
    let described = description.value()["paths"].as_object().expect("paths").keys();
    let described: BTreeSet<&str> = described.map(String::as_str).collect();
    assert!(routes.len() > 10, "{routes:?}");
    assert_eq!(routes, described);
    app.finish().await;
}

#[tokio::test]
async fn the_description_is_served_as_json_and_as_a_page() {
    let app = TestApp::start().await;
    let served = app.get("/api/v1/openapi.json").send().await.expect("an answer");
    assert_eq!(served.headers()["content-type"], "application/json");
    assert_eq!(served.text().await.expect("text"), Description::of(MODULES).text());
    let page = async |path: &str| {
        let page = app.get(path).send().await.expect("an answer");
        assert_eq!(page.status(), 200, "{path}");
        page.text().await.expect("HTML")
    };
    let index = page("/docs/api").await.replace("<wbr>", "");
    let mut links = index.split("href=\"/docs/api/").skip(1);
    let operation = links.find(|rest| rest.contains("/api/v1/people/{login}/transactions"));
    assert!(operation.is_some(), "{index}");
    let people = page("/docs/api/people").await;
    let anchor = "id=\"list_person_transactions\"";
    assert!(people.contains(anchor), "{people}");
    app.refuses("/docs/api/nothing", 404, "", "").await;
    app.finish().await;
}

/// Codes that only occur on pages.
const OF_PAGES: &[&str] = &[
    "IDENTITY_IS_YOURS",
    "IDENTITY_ONE_EACH",
    "IDENTITY_TAKEN",
    "IDENTITY_UNLINKED",
    "NOTHING_TO_LINK",
    "OPENID_UNAVAILABLE",
    "SIGN_IN_NOT_SHOWN",
    "BAD_FORM",
    "BAD_GITHUB_LOGIN",
    "BAD_REPOSITORY_NAME",
    "BAD_RETURN_PATH",
    "GITHUB_ACCOUNT_KIND",
    "GITHUB_ACCOUNT_UNKNOWN",
    "GITHUB_BIO_LACKS_TEXT",
    "GITHUB_TOKEN_REVOKED",
    "INVITATION_DEAD",
    "NOT_THIS_MACHINE",
    "NO_SUCH_PART",
    "SIGN_IN_CODE_DEAD",
    "SIGN_IN_CODE_WRONG",
    "SIGN_IN_DECLINED",
    "SIGN_IN_LINK_DEAD",
    "SIGN_IN_MISCONFIGURED",
    "SIGN_IN_NOT_BEGUN_HERE",
    "SIGN_IN_NOT_SET_UP",
    "SIGN_IN_OTHER_BROWSER",
    "SIGN_IN_USED",
    "SWITCHED_OFF",
];

/// Codes that only occur in commands.
const OF_COMMANDS: &[&str] = &["BAD_GITHUB_ID", "BAD_HOOK_ID", "HOOK_TAKEN"];

#[test]
fn every_problem_code_is_listed() {
    let mut found = BTreeSet::new();
    for source in sources::of_modules() {
        collect(&source.text(), &mut found);
    }
    found.extend([SIGN_IN_REQUIRED, SECOND_FACTOR_REQUIRED].map(str::to_owned));
    let known = MODULES.problems().into_iter().map(|problem| problem.code);
    let known: BTreeSet<&str> =
        known.chain(OF_COMMANDS.iter().copied()).chain(OF_PAGES.iter().copied()).collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, known, "`problems` of each MODULE lists them");
}

/// Collects problem codes, which follow the kind of their problem or the name of a function that creates one.
fn collect(text: &str, found: &mut BTreeSet<String>) {
    for mark in ["ProblemKind::", "malformed(", "check_id(", "Self::new("] {
        found.extend(text.split(mark).skip(1).filter_map(code));
    }
}

/// Returns the first literal of a text if it looks like a code and at most one word precedes it.
fn code(text: &str) -> Option<String> {
    let (before, rest) = text.split_once('"')?;
    let is_near = before.len() < 40 && !before.contains([';', '=', '{', '(']);
    let code = rest.split('"').next()?;
    let is_code =
        code.len() > 3 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (is_near && is_code).then(|| code.to_owned())
}
