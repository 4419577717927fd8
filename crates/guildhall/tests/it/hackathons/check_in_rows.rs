//! Rows of the permission matrix for the check-in, and real people for their organizers.

use hackathons::actions::{WalkIn, check_in, undo_check_in, walk_in};
use identity::model::UserId;
use platform::audit::Actor::Person;

use super::{app::ORGANIZER, submission_rows::organized};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const BUILDER: Form = &[("who", "hack-builder")];
const WALKER: Form = &[("login", "hack-walker"), ("accepts_conduct", "yes")];

/// The rows. `hush` is private, and it is too early to check people in.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/check-in", "/hackathons/hush/check-in", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/check-in", "/hackathons/hush/check-in", BUILDER, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/check-in/{login}/undo", "/hackathons/hush/check-in/hack-mentor/undo", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/walk-ins", "/hackathons/hush/walk-ins", WALKER, Hidden(ORGANIZER, 409)),
    ("GET", "/api/v1/hackathons/{slug}/check-ins", "/api/v1/hackathons/hush/check-ins", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/check-ins", "/api/v1/hackathons/hush/check-ins", BUILDER, Hidden(ORGANIZER, 409)),
    ("DELETE", "/api/v1/hackathons/{slug}/check-ins/{login}", "/api/v1/hackathons/hush/check-ins/hack-mentor", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/hackathons/{slug}/walk-ins", "/api/v1/hackathons/hush/walk-ins", &[("login", "hack-walker")], Hidden(ORGANIZER, 409)),
];

/// Makes a private hackathon that the person organizes, while teams build, with a person who has a place.
const ON_SITE: Make = |app, login| {
    Box::pin(async move {
        app.hacker("hack-walker").await;
        organized(app, login).await.into_iter().take(1).collect()
    })
};

/// The same with the login of a person who is checked in.
const CHECKED: Make = |app, login| {
    Box::pin(async move {
        let slug = organized(app, login).await.remove(0);
        let organizer = app.hacker(login).await;
        check_in(app.context(), Person(organizer.0), &slug, "hack-builder")
            .await
            .expect("checked in");
        vec![slug, "hack-builder".to_owned()]
    })
};

/// The routes with real people.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/check-in", ON_SITE, BUILDER, 303),
    ("POST", "/hackathons/{slug}/check-in/{login}/undo", CHECKED, NONE, 303),
    ("POST", "/hackathons/{slug}/walk-ins", ON_SITE, WALKER, 303),
    ("POST", "/api/v1/hackathons/{slug}/check-ins", ON_SITE, BUILDER, 200),
    ("DELETE", "/api/v1/hackathons/{slug}/check-ins/{login}", CHECKED, NONE, 204),
    ("POST", "/api/v1/hackathons/{slug}/walk-ins", ON_SITE, &[("login", "hack-builder")], 200),
];

/// Lets the person check people in at their hackathon, and be checked in at another.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, by) = (app.context(), Person(person.0));
    let slug = organized(app, login).await.remove(0);
    check_in(context, by, &slug, "hack-builder").await.expect("checked in");
    undo_check_in(context, by, &slug, "hack-builder").await.expect("undone");
    app.hacker("hack-walker").await;
    let walker = |login: &str| WalkIn {
        login: login.to_owned(),
        accepts_conduct: true,
        exceeds_capacity: false,
    };
    walk_in(context, by, &slug, &walker("hack-walker")).await.expect("a walk-in");
    let slug = organized(app, "hack-organizer").await.remove(0);
    let organizer = app.hacker("hack-organizer").await;
    walk_in(context, Person(organizer.0), &slug, &walker(login)).await.expect("a walk-in");
}
