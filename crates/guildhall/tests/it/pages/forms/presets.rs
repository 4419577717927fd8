//! A new hackathon of three answers, whose other dates follow.

use identity::model::Role;

use crate::app::TestApp;

/// The fields that the page sends without being asked.
const USUAL: [(&str, &str); 5] = [
    ("timezone", "UTC"),
    ("visibility", "public"),
    ("places", "automatic"),
    ("team_min", "1"),
    ("team_max", "4"),
];

#[tokio::test]
async fn three_answers_make_a_hackathon() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/hackathons/new").await.text;
    for words in ["A weekend", "A week online", "One evening", "list=\"zones\""] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for (preset, ends, judged) in [
        ("weekend", "2027-01-24T18:00", Some("2027-01-26T18:00")),
        ("week", "2027-01-30T18:00", Some("2027-02-06T18:00")),
        ("evening", "2027-01-22T22:00", None),
    ] {
        let answers = [
            ("preset", preset),
            ("title", preset),
            ("begins_at", "2027-01-22T18:00"),
            ("capacity", "100"),
        ];
        let created = admin.post("/hackathons/new", &[&answers[..], &USUAL].concat()).await;
        let address = format!("/hackathons/{preset}/edit");
        assert_eq!(created.location(), address, "{}", created.text);
        let edit = admin.get(&address).await.text;
        for value in ["2027-01-15T18:00", "2027-01-22T18:00", ends].into_iter().chain(judged) {
            assert!(edit.contains(&format!("value=\"{value}\"")), "{preset} {value}: {edit}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn its_page_is_shown_before_it_is_created_and_leads_back() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let typed = [
        ("preset", "weekend"),
        ("title", "Winter <b> Lights"),
        ("begins_at", "2027-01-22T18:00"),
        ("capacity", "100"),
        ("description", "Take **boots**.\nAnd \"gloves\"."),
    ];
    let sent = |then: &'static str| [&typed[..], &USUAL, &[("then", then)]].concat();
    let page = admin.post("/hackathons/new", &sent("preview")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for words in [
        "Winter &#60;b&#62; Lights</bdi></h1>",
        "0 of 100 places taken",
        "24 Jan 2027, 18:00",
        "<strong>boots</strong>",
        "Nothing is saved yet.",
        "name=\"begins_at\" value=\"2027-01-22T18:00\"",
        "Take **boots**.\nAnd &#34;gloves&#34;.\">",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    for words in ["name=\"then\" value=\"preview\"", "/apply", "calendar.ics"] {
        assert!(!page.text.contains(words), "{words}: {}", page.text);
    }
    let kept = hidden_fields(&page.text);
    let kept = kept.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let kept: Vec<_> = kept.chain([("then", "form")]).collect();
    let form = admin.post("/hackathons/new", &kept).await.text;
    for words in ["value=\"Winter &#60;b&#62; Lights\"", "Take **boots**.\nAnd", "value=\"100\""] {
        assert!(form.contains(words), "{words}: {form}");
    }
    let past = [("title", "Flow"), ("begins_at", "2020-01-22T18:00"), ("then", "preview")];
    let refused = admin.post("/hackathons/new", &[&past[..], &USUAL].concat()).await;
    refused.refuses_form(422, Some("begins_at"), "The beginning is in the past.");
    assert_eq!(app.count("SELECT count(*) FROM hackathons").await, 0);
    app.finish().await;
}

/// Returns the hidden fields of a page with their values, as a browser sends them.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let fields = page.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |field: &str| {
        let (name, rest) = field.split_once("\" value=\"")?;
        let (value, _) = rest.split_once("\">")?;
        let coded =
            [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        let value =
            coded.iter().fold(value.to_owned(), |value, (from, to)| value.replace(from, to));
        Some((name.to_owned(), value))
    };
    fields.filter_map(field).collect()
}

#[tokio::test]
async fn a_date_that_is_entered_stays_and_a_past_beginning_is_refused() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let own = [
        ("preset", "weekend"),
        ("title", "Ebb"),
        ("begins_at", "2027-01-22T18:00"),
        ("application_closes_at", "2027-01-20T12:00"),
    ];
    let created = admin.post("/hackathons/new", &[&own[..], &USUAL].concat()).await;
    let edit = admin.get(created.location()).await.text;
    assert!(edit.contains("value=\"2027-01-20T12:00\""), "{edit}");
    let past = [("title", "Flow"), ("begins_at", "2020-01-22T18:00")];
    let refused = admin.post("/hackathons/new", &[&past[..], &USUAL].concat()).await;
    refused.refuses_form(422, Some("begins_at"), "The beginning is in the past.");
    assert_eq!(app.count("SELECT count(*) FROM hackathons").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn enter_creates_it_without_a_preview() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/hackathons/new").await.text;
    // For Enter, browsers press the first button of a form.
    let form = page.split_once("action=\"/hackathons/new\"").expect("a form").1;
    let button = form.split("<button").nth(1).and_then(|rest| rest.split('>').next());
    assert!(!button.expect("a button").contains("name="), "{form}");
    let typed = [("preset", "weekend"), ("title", "Ebb"), ("begins_at", "2027-01-22T18:00")];
    let created = admin.post("/hackathons/new", &[&typed[..], &USUAL].concat()).await;
    assert_eq!(created.location(), "/hackathons/ebb/edit", "{}", created.text);
    assert_eq!(app.count("SELECT count(*) FROM hackathons").await, 1);
    app.finish().await;
}
