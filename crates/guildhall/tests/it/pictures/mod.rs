//! Pictures that people upload, their profiles, and what others see of both.

mod minors;
mod previews;
mod profiles;
mod uploads;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use platform::{audit::Actor::Operator, media};
use uuid::Uuid;

use crate::app::{TestApp, browser::Browser};

/// A small picture of one color, as a JPEG file.
pub(crate) fn picture(color: [u8; 3]) -> Vec<u8> {
    let picture = DynamicImage::from(RgbImage::from_pixel(320, 240, Rgb(color)));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Jpeg).expect("encoded");
    file.into_inner()
}

/// Uploads a portrait, and returns its path.
async fn portrait(app: &TestApp, browser: &Browser<'_>, login: &str, color: [u8; 3]) -> String {
    let path = "/settings/profile/picture";
    let answer = browser.upload_picture(path, &[], &picture(color)).await;
    assert_eq!(answer.location(), "/settings/profile");
    picture_of(app, login).await.expect("a portrait")
}

/// Returns the path of the portrait of a person.
async fn picture_of(app: &TestApp, login: &str) -> Option<String> {
    let sql =
        format!("SELECT coalesce(picture, 'none') AS value FROM users WHERE login = '{login}'");
    app.values(&sql).await.into_iter().find(|path| path != "none")
}

/// Uploads a picture for texts, and returns its ID.
async fn add(app: &TestApp, browser: &Browser<'_>, description: &str, color: [u8; 3]) -> Uuid {
    let fields = [("description", description)];
    let answer = browser.upload_picture("/settings/pictures", &fields, &picture(color)).await;
    assert_eq!(answer.location(), "/settings/pictures");
    let person = app.person_id(&browser_login(browser).await).await;
    let own = media::own(&app.context().db, person).await.expect("pictures");
    own.first().expect("the latest").id
}

async fn browser_login(browser: &Browser<'_>) -> String {
    let me = browser.call("GET", "/api/v1/me", None).await.json();
    me["login"].as_str().expect("a login").to_owned()
}

/// Returns the file name of a picture.
async fn file_of(app: &TestApp, login: &str, id: Uuid) -> String {
    let own = media::own(&app.context().db, app.person_id(login).await).await;
    let own = own.expect("pictures").into_iter().find(|picture| picture.id == id);
    own.expect("a picture").address.trim_start_matches("/pictures/").to_owned()
}

/// Lets a person have every kind of data about pictures.
pub(crate) async fn keep(app: &TestApp, login: &str) {
    let browser = app.browser_of(login).await;
    portrait(app, &browser, login, [10, 20, 30]).await;
    let id = add(app, &browser, &format!("{login} at sea"), [90, 20, 30]).await;
    let file = file_of(app, login, id).await;
    let words = format!("{login} reports this");
    browser.post(&format!("/report/picture/{file}"), &[("words", &words)]).await.location();
    let fields = [
        ("name", "Wren of the Oak"),
        ("bio", "I am wren-oak."),
        ("contact", "https://wren-oak.invalid"),
        ("open_to", "teams"),
        ("link_address_0", "https://wren-oak.invalid/me"),
    ];
    browser.post("/settings/profile", &fields).await.location();
}

/// Gives a thing a picture.
pub(crate) async fn give(app: &TestApp, login: &str, kind: &str, id: Uuid) {
    let browser = app.browser_of(login).await;
    let path = format!("/picture-of/{kind}/{id}");
    let fields = [("description", "A lantern on a quay")];
    assert_eq!(browser.upload_picture(&path, &fields, &picture([3, 60, 9])).await.location(), path);
}

/// Lets moderators decide about pictures of a person in each way.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let browser = app.browser_of(login).await;
    let id = add(app, &browser, "A boat", [30, 60, 90]).await;
    let file = file_of(app, login, id).await;
    let address = format!("/report/picture/{file}");
    browser.post(&address, &[("words", "No boat")]).await.location();
    let context = app.context();
    identity::actions::keep_picture(context, Operator, id, "A boat").await.expect("kept");
    let modules = guildhall::MODULES;
    let taken = identity::actions::take_down_picture(context, modules, Operator, id, "No boat");
    taken.await.expect("removed");
    app.add_maintainer("season", login).await;
    give(app, login, "project", app.project_id("season").await).await;
}
