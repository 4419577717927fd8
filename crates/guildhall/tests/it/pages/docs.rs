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
    let command = format!("curl <span class=\"tk-s\">&#34;{}/api/v1/", app.server.config.site());
    assert!(all.contains(&command), "{command}");
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
async fn a_page_lists_its_operations_and_leads_to_the_document_and_to_tokens() {
    let app = TestApp::start().await;
    let page = html(&app, "/docs/api/discovery").await;
    let (_, side) = page.split_once("<details class=\"within\" open>").expect("a list");
    let (side, content) = side.split_once("</details>").expect("its end");
    let ids = |text: &str, begin: &str| {
        let found = text.split(begin).skip(1).filter_map(|rest| rest.split('"').next());
        found.map(str::to_owned).collect::<Vec<_>>()
    };
    let listed = ids(side, "href=\"#");
    assert_eq!(listed, ids(content, "<section class=\"operation\" id=\""));
    assert_eq!(listed[..2], ["list_opportunities", "get_opportunity"]);
    for address in ["/api/v1/openapi.json", "/settings/tokens"] {
        assert!(content.contains(&format!("<a class=\"btn\" href=\"{address}\">")), "{address}");
    }
    assert!(content.contains("class=\"sel3\" name=\"language-claim_opportunity\">JavaScript"));
    let own = app.browser_of("wren-oak").await.get("/docs/api/discovery").await.text;
    let forms = own.split("<details class=\"try-it\"").skip(1);
    let tags = forms.filter_map(|rest| rest.split('>').next());
    let are_open: Vec<_> = tags.map(|tag| tag.contains(" open")).collect();
    assert_eq!(are_open.first(), Some(&true));
    assert!(!are_open[1..].contains(&true), "{own}");
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
