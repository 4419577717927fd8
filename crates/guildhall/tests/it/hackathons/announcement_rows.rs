//! Rows of the permission matrix for announcements.

use hackathons::{actions::announce, rules::announcements::AnnouncementInput};
use identity::model::UserId;
use platform::audit::Actor::Person;

use super::{
    app::{ORGANIZER, private},
    submission_rows::organized,
};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const NEWS: Form = &[
    ("segment", "accepted"),
    ("subject", "Dinner is at eight"),
    ("body", "Meet us at the **harbor**."),
];

/// The rows. `hush` is private, and has neither applications nor judges.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/announcements", "/hackathons/hush/announcements", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/announcements", "/hackathons/hush/announcements", NONE, Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/announcements/preview", "/hackathons/hush/announcements/preview", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/api/v1/hackathons/{slug}/announcements", "/api/v1/hackathons/hush/announcements", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/announcements", "/api/v1/hackathons/hush/announcements", &[("segment", "everyone"), ("subject", "Dinner"), ("body", "At eight.")], Hidden(ORGANIZER, 422)),
    ("POST", "/api/v1/hackathons/{slug}/announcements/preview", "/api/v1/hackathons/hush/announcements/preview", NEWS, Hidden(ORGANIZER, 200)),
    ("GET", "/api/v1/me/hackathons/{slug}/announcements", "/api/v1/me/hackathons/hush/announcements", NONE, Hidden(ORGANIZER, 200)),
];

/// Makes a private hackathon that the person organizes, with a person who has a place.
const ORGANIZED: Make = |app, login| {
    Box::pin(async move {
        let made = organized(app, login).await;
        made.into_iter().take(1).collect()
    })
};

/// The routes with people who get the announcement.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/announcements", ORGANIZED, NEWS, 303),
    ("POST", "/hackathons/{slug}/announcements/preview", ORGANIZED, NEWS, 200),
    ("POST", "/api/v1/hackathons/{slug}/announcements", ORGANIZED, NEWS, 201),
];

/// Lets the person announce something, and get an announcement.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let new = AnnouncementInput {
        segment: "accepted".to_owned(),
        subject: "Dinner is at eight".to_owned(),
        body: "Meet us at the **harbor**.".to_owned(),
    };
    let slug = organized(app, login).await.remove(0);
    announce(app.context(), Person(person.0), &slug, &new).await.expect("announced");
    let slug = app.hackathon(private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let input = super::scene::application();
    hackathons::actions::apply(app.context(), person, &slug, &code, &input).await.expect("applied");
    let organizer = app.hacker("organizer").await;
    announce(app.context(), Person(organizer.0), &slug, &new).await.expect("announced");
}
