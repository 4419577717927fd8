//! Rows of the permission matrix for rewards.

use hackathons::{
    actions::{add_codes, archive_reward, edit_reward, redeem_reward, step_redemption},
    model::RedemptionStatus::Approved,
    rules::rewards::RewardInput,
};
use identity::model::UserId;
use platform::audit::Actor;

use super::reward_scene::mug;
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{
            Access::{Admin, Open, SignedIn},
            NONE, Row,
        },
    },
};

/// The rows. People have no points, and there are no redemptions.
#[rustfmt::skip]
pub(super) const REWARD_ROWS: &[Row] = &[
    ("GET", "/rewards", "/rewards", NONE, Open(200)),
    ("GET", "/rewards/{slug}", "/rewards/mug", NONE, Open(200)),
    ("POST", "/rewards/{slug}", "/rewards/mug", NONE, SignedIn(409)),
    ("GET", "/rewards/redemptions", "/rewards/redemptions", NONE, SignedIn(200)),
    ("GET", "/rewards/redemptions/{id}/cancel", "/rewards/redemptions/00000000-0000-0000-0000-000000000000/cancel", NONE, SignedIn(404)),
    ("POST", "/rewards/redemptions/{id}/cancel", "/rewards/redemptions/00000000-0000-0000-0000-000000000000/cancel", NONE, SignedIn(404)),
    ("GET", "/admin/rewards", "/admin/rewards", NONE, Admin(200)),
    ("GET", "/admin/rewards/new", "/admin/rewards/new", NONE, Admin(200)),
    ("POST", "/admin/rewards/new", "/admin/rewards/new", &[("name", "Shirt"), ("kind", "swag"), ("cost", "10")], Admin(303)),
    ("GET", "/admin/rewards/{slug}", "/admin/rewards/mug", NONE, Admin(200)),
    ("POST", "/admin/rewards/{slug}", "/admin/rewards/mug", &[("name", "Mug"), ("kind", "swag"), ("cost", "10")], Admin(303)),
    ("POST", "/admin/rewards/{slug}/archive", "/admin/rewards/mug/archive", &[("archived", "no")], Admin(303)),
    ("POST", "/admin/rewards/{slug}/codes", "/admin/rewards/hosting/codes", &[("codes", "TIDE-1")], Admin(303)),
    ("GET", "/admin/rewards/redemptions", "/admin/rewards/redemptions", NONE, Admin(200)),
    ("GET", "/admin/rewards/redemptions.csv", "/admin/rewards/redemptions.csv", NONE, Admin(200)),
    ("POST", "/admin/rewards/redemptions/{id}", "/admin/rewards/redemptions/00000000-0000-0000-0000-000000000000", &[("status", "approved")], Admin(404)),
    ("GET", "/api/v1/rewards", "/api/v1/rewards", NONE, Open(200)),
    ("GET", "/api/v1/rewards/{slug}", "/api/v1/rewards/mug", NONE, Open(200)),
    ("POST", "/api/v1/rewards/{slug}/redemptions", "/api/v1/rewards/mug/redemptions", NONE, SignedIn(409)),
    ("GET", "/api/v1/me/redemptions", "/api/v1/me/redemptions", NONE, SignedIn(200)),
    ("POST", "/api/v1/me/redemptions/{id}/cancel", "/api/v1/me/redemptions/00000000-0000-0000-0000-000000000000/cancel", NONE, SignedIn(404)),
    ("GET", "/api/v1/admin/rewards", "/api/v1/admin/rewards", NONE, Admin(200)),
    ("POST", "/api/v1/admin/rewards", "/api/v1/admin/rewards", &[("name", "Shirt"), ("kind", "swag"), ("cost", "10")], Admin(201)),
    ("PATCH", "/api/v1/admin/rewards/{slug}", "/api/v1/admin/rewards/mug", &[("cost", "12")], Admin(200)),
    ("PUT", "/api/v1/admin/rewards/{slug}/archive", "/api/v1/admin/rewards/hosting/archive", NONE, Admin(200)),
    ("DELETE", "/api/v1/admin/rewards/{slug}/archive", "/api/v1/admin/rewards/hosting/archive", NONE, Admin(200)),
    ("POST", "/api/v1/admin/rewards/{slug}/codes", "/api/v1/admin/rewards/hosting/codes", &[("codes", "[\"TIDE-4\"]")], Admin(200)),
    ("GET", "/api/v1/admin/redemptions", "/api/v1/admin/redemptions", NONE, Admin(200)),
    ("POST", "/api/v1/admin/redemptions/{id}/status", "/api/v1/admin/redemptions/00000000-0000-0000-0000-000000000000/status", &[("status", "approved")], Admin(404)),
];

const REDEMPTION: Make = |app, login| Box::pin(redemption(app, login));

/// Redemptions of a person.
pub(super) const REWARD_OBJECTS: &[ObjectRow] = &[
    ("GET", "/rewards/redemptions/{id}/cancel", REDEMPTION, NONE, 200),
    ("POST", "/rewards/redemptions/{id}/cancel", REDEMPTION, NONE, 303),
    ("POST", "/api/v1/me/redemptions/{id}/cancel", REDEMPTION, NONE, 200),
    ("POST", "/admin/rewards/redemptions/{id}", REDEMPTION, &[("status", "approved")], 303),
    ("POST", "/api/v1/admin/redemptions/{id}/status", REDEMPTION, &[("status", "approved")], 200),
];

async fn redemption(app: &TestApp, login: &str) -> Vec<String> {
    let person = app.hacker(login).await;
    app.earns(person, 10).await;
    let slug = app.reward(mug(10)).await;
    vec![app.redeems(person, &slug).await.id.to_string()]
}

/// Creates the rewards of the rows.
pub(super) async fn prepare(app: &TestApp) {
    assert_eq!(app.reward(mug(10)).await, "mug");
    assert_eq!(app.coupons(10, "TIDE-0").await, "hosting");
}

/// Lets the person offer rewards, redeem one, and handle the redemption of another.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, actor) = (app.context(), Actor::Person(person.0));
    let slug = app.reward(mug(10)).await;
    let details = RewardInput {
        owner: Some(login.to_owned()),
        claim_kind: Some("address".to_owned()),
        ..RewardInput::default()
    };
    edit_reward(context, actor, &slug, &details).await.expect("edited");
    let new = hackathons::actions::NewReward { slug: None, details: mug(10) };
    let own = hackathons::actions::create_reward(context, actor, new).await.expect("created");
    for is_archived in [true, false] {
        archive_reward(context, actor, &own.slug, is_archived).await.expect("archived");
    }
    let coupons = app.coupons(10, "TIDE-7").await;
    add_codes(context, actor, &coupons, "TIDE-8").await.expect("codes");
    app.earns(person, 20).await;
    redeem_reward(context, person, &slug, "1 Quay Street").await.expect("redeemed");
    let id = app.redeems(person, &coupons).await.key();
    step_redemption(context, actor, None, id, Approved).await.expect("approved");
}
