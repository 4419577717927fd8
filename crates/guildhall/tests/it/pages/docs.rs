//! The documentation of the API.

use guildhall::MODULES;
use platform::module::Description;
use serde_json::Value;

use super::html;
use crate::app::TestApp;

/// Returns the page of each tag of the description.
async fn parts(app: &TestApp, document: &Value) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for tag in document["tags"].as_array().expect("tags") {
        let name = tag["name"].as_str().expect("a name");
        let path = format!("/docs/api/{}", name.to_lowercase().replace(' ', "-"));
        parts.push((name.to_owned(), html(app, &path).await));
    }
    parts
}

#[tokio::test]
async fn every_operation_and_schema_is_on_a_page() {
    let app = TestApp::start().await;
    let description = Description::of(MODULES);
    let document = description.value();
    let mut all = String::new();
    for (name, html) in parts(&app, document).await {
        assert!(html.contains("class=\"verb "), "{name} has no operation");
        all += &html;
    }
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|methods| methods.as_object().expect("methods").values());
    for operation in operations {
        let id = operation["operationId"].as_str().expect("an ID");
        assert!(all.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let schemas = document["components"]["schemas"].as_object();
    for name in schemas.expect("schemas").keys() {
        let is_shown = all.contains(&format!("id=\"schema-{name}\""));
        // Problem documents have a page of their own.
        assert!(is_shown || name == "Problem", "{name}");
    }
    assert!(all.contains("curl &#34;$GUILDHALL") || all.contains("curl &quot;$GUILDHALL"));
    app.finish().await;
}

#[tokio::test]
async fn links_to_schemas_lead_to_the_same_page() {
    let app = TestApp::start().await;
    let description = Description::of(MODULES);
    let mut count = 0;
    for (part, html) in parts(&app, description.value()).await {
        let links = html.split("href=\"#schema-").skip(1);
        for name in links.filter_map(|rest| rest.split('"').next()) {
            assert!(html.contains(&format!("id=\"schema-{name}\"")), "{part}: {name}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
    app.finish().await;
}

#[tokio::test]
async fn a_search_lists_the_operations_with_all_of_its_words() {
    let app = TestApp::start().await;
    let found = html(&app, "/docs/api?q=Claim+post").await;
    assert!(found.contains("#claim_opportunity\""), "{found}");
    assert!(!found.contains("#list_own_claims\""), "{found}");
    assert!(found.contains("value=\"Claim post\""), "{found}");
    let nothing = html(&app, "/docs/api?q=merge+queue").await;
    assert!(nothing.contains("No operation for “<bdi>merge queue</bdi>”"), "{nothing}");
    app.finish().await;
}

#[tokio::test]
async fn people_send_requests_from_the_page_once_they_are_signed_in() {
    let app = TestApp::start().await;
    let page = "/docs/api/your-account";
    let visited = html(&app, page).await;
    assert!(!visited.contains("data-script"), "{visited}");
    assert!(visited.contains("/sign-in?return=%2Fdocs%2Fapi%2Fyour-account"), "{visited}");
    let own = app.browser_of("wren-oak").await.get(page).await.text;
    let form = "<form data-method=\"GET\" data-path=\"/api/v1/me\">";
    assert!(own.contains(form) && own.contains("as wren-oak"), "{own}");
    // Its response has a token, which no page shows.
    assert!(own.contains("id=\"create_token\""), "{own}");
    assert!(!own.contains("<form data-method=\"POST\" data-path=\"/api/v1/me/tokens\">"), "{own}");
    app.finish().await;
}
