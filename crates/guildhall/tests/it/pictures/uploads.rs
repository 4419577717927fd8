//! Uploading pictures: what is kept, served and refused.

use identity::model::Role;
use platform::media::BY_PERSON;

use super::{add, file_of, picture, picture_of, portrait};
use crate::app::TestApp;

#[tokio::test]
async fn a_portrait_is_served_forever_and_replaced() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let first = portrait(&app, &browser, "wren-oak", [200, 10, 10]).await;
    let answer = browser.get(&first).await;
    assert_eq!(answer.status, 200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.headers[name], value, "{name}");
    }
    let page = browser.get("/people/wren-oak").await.text;
    assert!(page.contains(&format!("src=\"{first}\"")), "{page}");
    let second = portrait(&app, &browser, "wren-oak", [10, 10, 200]).await;
    assert_ne!(first, second);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 1);
    browser.post("/settings/profile/picture/remove", &[]).await.location();
    assert_eq!(picture_of(&app, "wren-oak").await, None);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 0);
    let page = browser.get("/people/wren-oak").await.text;
    assert!(page.contains("/pictures/drawn/1/person/wren-oak.WO.svg"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn one_picture_of_two_people_is_stored_once() {
    let app = TestApp::start().await;
    let (wren, finch) = (app.browser_of("wren-oak").await, app.browser_of("finch-ash").await);
    let first = portrait(&app, &wren, "wren-oak", [200, 10, 10]).await;
    assert_eq!(portrait(&app, &finch, "finch-ash", [200, 10, 10]).await, first);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 1);
    wren.post("/settings/profile/picture/remove", &[]).await.location();
    assert_eq!(finch.get(&first).await.status, 200);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn refused_files_say_what_to_do() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    for (file, says) in [
        (&b"\0\0\0\x18ftypheic\0\0\0\0mif1"[..], "This is a HEIC file."),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "This is a SVG file."),
        (b"%PDF-1.7", "take JPEG"),
        (b"\x89PNG\r\n\x1a\nrest", "damaged"),
        (b"", "Choose a picture"),
    ] {
        let answer = browser.upload_picture("/settings/profile/picture", &[], file).await;
        assert_eq!(answer.status, 422, "{says}");
        assert!(answer.text.contains(says) && answer.text.contains("id=\"picture-e\""), "{says}");
    }
    let large = vec![0; (8 << 20) + (65 << 10)];
    let answer = browser.upload_picture("/settings/profile/picture", &[], &large).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text.contains("8 MiB"), "{}", answer.text);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_person_uploads_a_number_of_files_a_day() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/settings/profile/picture";
    for _ in 0..BY_PERSON {
        assert_eq!(browser.upload_picture(path, &[], b"no picture").await.status, 422);
    }
    let refused = browser.upload_picture(path, &[], &picture([1, 2, 3])).await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after"));
    let other = app.browser_of("finch-ash").await;
    portrait(&app, &other, "finch-ash", [1, 2, 3]).await;
    app.clock.advance(chrono::TimeDelta::hours(25));
    portrait(&app, &browser, "wren-oak", [1, 2, 3]).await;
    app.finish().await;
}

#[tokio::test]
async fn pictures_in_texts_have_a_description_and_belong_to_one_person() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let missing = browser.upload_picture("/settings/pictures", &[], &picture([9, 9, 9])).await;
    assert_eq!(missing.status, 422);
    assert!(missing.text.contains("Describe what the picture shows."), "{}", missing.text);
    let id = add(&app, &browser, "A [boat]", [9, 9, 9]).await;
    let file = file_of(&app, "wren-oak", id).await;
    let page = browser.get("/settings/pictures").await.text.replace("<wbr>", "");
    assert!(page.contains(&format!("![A boat](/pictures/{file})")), "{page}");
    let own = format!("/settings/pictures/{id}");
    let other = app.browser_of("finch-ash").await;
    assert_eq!(other.post(&own, &[("description", "Mine")]).await.status, 422);
    assert_eq!(other.post(&format!("{own}/remove"), &[]).await.status, 404);
    browser.post(&own, &[("description", "A ship")]).await.location();
    assert!(browser.get("/settings/pictures").await.text.contains("![A ship]"));
    browser.post(&format!("{own}/remove"), &[]).await.location();
    assert_eq!(app.count("SELECT count(*) FROM picture_uses").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn reported_pictures_are_removed_or_kept() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let path = portrait(&app, &browser, "wren-oak", [77, 7, 7]).await;
    let report = format!("/report{}", path.replace("/pictures/", "/picture/"));
    let other = app.browser_of("finch-ash").await;
    assert_eq!(other.post(&report, &[("words", " ")]).await.status, 422);
    for _ in 0..2 {
        other.post(&report, &[("words", "This is my face")]).await.location();
    }
    assert_eq!(app.count("SELECT count(*) FROM picture_reports").await, 1);
    let moderator = app.browser_with("heron-elm", Role::Moderator).await;
    let page = moderator.get("/admin/pictures").await.text;
    assert!(page.contains("This is my face") && page.contains(&path), "{page}");
    let own = platform::media::own(&app.context().db, app.person_id("wren-oak").await).await;
    let id = own.expect("pictures")[0].id;
    let decide = |way: &str| format!("/admin/pictures/{id}/{way}");
    assert_eq!(moderator.post(&decide("keep"), &[("reason", "")]).await.status, 422);
    moderator.post(&decide("keep"), &[("reason", "It is theirs")]).await.location();
    assert_eq!(moderator.post(&decide("keep"), &[("reason", "Again")]).await.status, 409);
    other.post(&report, &[("words", "It still is my face")]).await.location();
    moderator.post(&decide("remove"), &[("reason", "It is not theirs")]).await.location();
    assert_eq!(picture_of(&app, "wren-oak").await, None);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM picture_reports").await, 0);
    app.finish().await;
}
