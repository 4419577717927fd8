//! Venue networks: exempt from rate limits by client address during a hackathon, once an admin approved them.

use std::time::Duration;

use hackathons::{
    actions::{approve_venue_networks, cancel, edit_hackathon, set_venue_networks},
    rules::details::HackathonInput,
};
use identity::model::{Device, Role};
use platform::{
    audit::Actor::{Operator, Person},
    exempt::{ExemptNetworks, in_effect},
};
use serde_json::json;

use super::{
    app::{ORGANIZER, held_by, private},
    scene::{code, november},
};
use crate::{
    app::{
        TestApp, at,
        browser::{Browser, SESSION},
    },
    auth::rows::{
        Access::{Admin, Hidden},
        NONE, Row,
    },
};

const NETWORK: &str = "93.184.216.0/24";
const API: &str = "/api/v1/hackathons/low-tide/venue-networks";

/// The rows of the permission matrix. `hush` has no networks.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/venue-networks", "/hackathons/hush/venue-networks", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/venue-networks", "/hackathons/hush/venue-networks", NONE, Hidden(ORGANIZER, 303)),
    ("GET", "/api/v1/hackathons/{slug}/venue-networks", "/api/v1/hackathons/hush/venue-networks", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", "/api/v1/hackathons/{slug}/venue-networks", "/api/v1/hackathons/hush/venue-networks", &[("networks", "[]")], Hidden(ORGANIZER, 200)),
    ("GET", "/admin/hackathons/{slug}/venue-networks", "/admin/hackathons/hush/venue-networks", NONE, Admin(200)),
    ("POST", "/admin/hackathons/{slug}/venue-networks", "/admin/hackathons/hush/venue-networks", NONE, Admin(303)),
    ("PUT", "/api/v1/admin/hackathons/{slug}/venue-networks", "/api/v1/admin/hackathons/hush/venue-networks", &[("networks", "[]")], Admin(200)),
];

/// Lets the person state and approve the network of a hackathon.
pub(super) async fn act(app: &TestApp, person: identity::model::UserId) {
    let (context, actor) = (app.context(), Person(person.0));
    let slug = held_by(app, person, private()).await;
    let networks = [NETWORK.to_owned()];
    set_venue_networks(context, actor, &slug, &networks).await.expect("stated");
    approve_venue_networks(context, actor, &slug, &networks, None).await.expect("approved");
}

/// Starts a server that allows three requests a minute by address and five by person, and trusts a proxy on this machine.
async fn strict() -> TestApp {
    TestApp::with(|config| {
        config.requests_per_minute = 3;
        config.person_requests_per_minute = 5;
        config.exempt_networks.clear();
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    })
    .await
}

/// Returns whether an address is refused more than three requests, once the server has read the networks again.
async fn is_limited(app: &TestApp, from: &str) -> bool {
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let mut last = 0;
    for _ in 0..8 {
        let request = app.get("/projects").header("x-forwarded-for", from);
        last = request.send().await.expect("an answer").status().as_u16();
    }
    last == 429
}

#[tokio::test]
async fn an_approved_network_has_no_limit_by_address_during_the_hackathon() {
    let mut app = strict().await;
    app.may_leave_work();
    let slug = app.hackathon(november()).await;
    let context = app.context();
    let networks = [NETWORK.to_owned()];
    set_venue_networks(context, Operator, &slug, &networks).await.expect("stated");
    app.clock.set(at("2026-11-15T08:00:00Z"));
    assert!(is_limited(&app, "93.184.216.1").await, "not approved");
    approve_venue_networks(context, Operator, &slug, &networks, None).await.expect("approved");
    assert!(!is_limited(&app, "93.184.216.2").await, "approved");
    assert!(is_limited(&app, "93.184.217.1").await, "another network");

    // The limit of a person holds at the venue.
    let ada = Browser::forwarded(&app, "93.184.216.3");
    let session = app.signed_in("ada", &Device::default()).await;
    ada.set_cookie(SESSION, &session);
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(ada.get("/inbox").await.status.as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");

    // Another server that begins now knows the networks, also those of other dates.
    let other = ExemptNetworks::of(context);
    assert!(other.contains("93.184.216.4".parse().expect("an address")).await);
    for (instant, is_exempt) in [
        ("2026-11-13T17:59:59Z", false),
        ("2026-11-13T18:00:00Z", true),
        ("2026-11-29T17:59:59Z", true),
        ("2026-11-29T18:00:00Z", false),
    ] {
        let found = in_effect(&context.db, at(instant)).await.expect("read");
        assert_eq!(!found.is_empty(), is_exempt, "{instant}");
    }
    let mut later = HackathonInput::default();
    later.dates[5] = Some("2026-12-01T18:00:00Z".to_owned());
    edit_hackathon(context, Operator, &slug, &later).await.expect("moved");
    let after = at("2026-11-30T18:00:00Z");
    assert_eq!(in_effect(&context.db, after).await.expect("read").len(), 1);
    // The approval is for the dates that the admin saw, and two days more.
    later.dates[5] = Some("2026-12-20T18:00:00Z".to_owned());
    edit_hackathon(context, Operator, &slug, &later).await.expect("moved");
    let ends = async || {
        let found = in_effect(&context.db, after).await.expect("read");
        found.iter().map(|it| it.ends_at).collect::<Vec<_>>()
    };
    assert_eq!(ends().await, [at("2026-12-01T18:00:00Z")]);
    let organizer = app.browser_of("organizer").await;
    let page = organizer.get("/hackathons/low-tide/venue-networks").await;
    assert!(page.text.contains("The approval ends before judging does."));
    assert_eq!(organizer.json(API).await["approved_until"], "2026-12-01T18:00:00Z");
    approve_venue_networks(context, Operator, &slug, &networks, None)
        .await
        .expect("approved again");
    assert_eq!(ends().await, [at("2026-12-20T18:00:00Z")]);
    cancel(context, Operator, &slug, "The place is flooded.").await.expect("canceled");
    assert!(in_effect(&context.db, after).await.expect("read").is_empty());
    app.finish().await;
}

#[tokio::test]
async fn changed_networks_are_approved_again() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(november()).await;
    let context = app.context();
    let organizer = app.browser_of("organizer").await;
    let admin = app.browser_with("adm", Role::Admin).await;
    let page = "/hackathons/low-tide/venue-networks";
    let saved = organizer.post(page, &[("networks", "93.184.216.0/24\n93.184.217.7")]);
    assert_eq!(saved.await.status, 303);
    let shown = organizer.get(page).await.text;
    assert!(shown.contains("An admin has to approve") && shown.contains("93.184.217.7/32"));
    for refused in ["10.0.0.0/24", "93.184.0.0/16", "hall"] {
        let refused = organizer.post(page, &[("networks", refused)]).await;
        assert_eq!(refused.status, 422);
    }
    let approval = "/admin/hackathons/low-tide/venue-networks";
    let stated = admin.get(approval).await.text;
    assert!(stated.contains("Not approved"));
    let outdated = admin.post(approval, &[("networks", NETWORK)]).await;
    assert_eq!(outdated.status, 409, "{}", outdated.text);
    let both = ("networks", "93.184.216.0/24\n93.184.217.7/32");
    // Nor are dates that the admin did not see.
    let unseen = admin.post(approval, &[both, ("based_on", "-1")]).await;
    assert_eq!(unseen.status, 409, "{}", unseen.text);
    let revision = app.hackathon_view(&slug).await.sequence.to_string();
    assert!(stated.contains(&format!("name=\"based_on\" value=\"{revision}\"")));
    let approved = [both, ("based_on", &revision)];
    assert_eq!(admin.post(approval, &approved).await.status, 303);
    assert!(organizer.get(page).await.text.contains("Approved."));

    let body = json!({ "networks": [NETWORK, "93.184.218.0/24"] });
    let set = organizer.call("PUT", API, Some(&body)).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let items = organizer.json(API).await["items"].clone();
    let expected = json!([
        { "network": NETWORK, "is_approved": true },
        { "network": "93.184.218.0/24", "is_approved": false },
    ]);
    assert_eq!(items, expected);
    let by_api = "/api/v1/admin/hackathons/low-tide/venue-networks";
    assert_eq!(organizer.call("PUT", by_api, Some(&body)).await.status, 403);
    let mut unseen = body.clone();
    unseen["based_on"] = (-1).into();
    assert_eq!(admin.call("PUT", by_api, Some(&unseen)).await.status, 409);
    let approved = admin.call("PUT", by_api, Some(&body)).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let during = at("2026-11-15T08:00:00Z");
    let exempt = in_effect(&context.db, during).await.expect("read");
    assert_eq!(exempt.len(), 2);
    app.clock.set(during);
    assert!(admin.get(approval).await.text.contains("/hackathons/low-tide</a>"));
    let other = [NETWORK.to_owned()];
    let changed = approve_venue_networks(context, Operator, &slug, &other, None).await;
    assert_eq!(code(changed), "VENUE_NETWORKS_CHANGED");
    app.finish().await;
}
