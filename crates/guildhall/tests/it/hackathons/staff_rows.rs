//! Rows of the permission matrix for invitations to the staff, and real ones for those who sent and got them.

use chrono::TimeDelta;
use hackathons::{
    actions::{
        NewStaffInvitation, accept_staff_invitation, invite_staff, withdraw_staff_invitation,
    },
    model::StaffRole,
};
use identity::model::UserId;
use platform::{
    audit::Actor::{self, Person},
    outbox::{EMAIL, Post},
};

use super::{
    app::{ORGANIZER, held_by, private},
    scene::november,
};
use crate::{
    app::{TestApp, logs, mailbox::Mailbox},
    auth::{
        objects::{Make, ObjectRow},
        rows::{
            Access::{Hidden, SignedIn},
            Form, NONE, Row,
        },
    },
};

const INVITATION: Form = &[("address", ""), ("role", "judge")];

const LINK: &str = "/hackathon-invitations/{token}";
const OWN: &str = "/hackathons/{slug}/staff-invitations";
const SEND: &str = "/hackathons/{slug}/staff-invitations/{id}/send";
const WITHDRAW: &str = "/hackathons/{slug}/staff-invitations/{id}/withdraw";
const API: &str = "/api/v1/hackathons/{slug}/staff-invitations";
const API_ONE: &str = "/api/v1/hackathons/{slug}/staff-invitations/{id}";

/// The rows. `hush` is private, and the server sends no email.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", LINK, "/hackathon-invitations/made-up", NONE, SignedIn(404)),
    ("POST", LINK, "/hackathon-invitations/made-up", NONE, SignedIn(404)),
    ("POST", OWN, "/hackathons/hush/staff-invitations", NONE, Hidden(ORGANIZER, 409)),
    ("POST", SEND, "/hackathons/hush/staff-invitations/01900000-0000-7000-8000-000000000002/send", NONE, Hidden(ORGANIZER, 404)),
    ("POST", WITHDRAW, "/hackathons/hush/staff-invitations/01900000-0000-7000-8000-000000000002/withdraw", NONE, Hidden(ORGANIZER, 404)),
    ("GET", API, "/api/v1/hackathons/hush/staff-invitations", NONE, Hidden(ORGANIZER, 200)),
    ("POST", API, "/api/v1/hackathons/hush/staff-invitations", INVITATION, Hidden(ORGANIZER, 422)),
    ("DELETE", API_ONE, "/api/v1/hackathons/hush/staff-invitations/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
];

/// Makes an invitation to the address of the person.
const GOT: Make = |app, login| {
    Box::pin(async move {
        let slug = app.hackathon(november()).await;
        app.hacker(login).await;
        app.change("DELETE FROM user_emails WHERE id = user_id").await.expect("forgotten");
        app.verify_address(login).await;
        let address = format!("{login}@oak.example");
        vec![app.invites(Actor::Operator, &slug, &address, StaffRole::Mentor).await.token]
    })
};

/// Makes an invitation to the staff of a private hackathon that the person organizes.
const SENT: Make = |app, login| {
    Box::pin(async move {
        let person = app.hacker(login).await;
        let slug = held_by(app, person, private()).await;
        let sent =
            app.invites(Person(person.0), &slug, "sent@harbor.example", StaffRole::Judge).await;
        vec![slug, sent.id.to_string()]
    })
};

/// The routes with real invitations.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("GET", LINK, GOT, NONE, 200),
    ("POST", LINK, GOT, NONE, 303),
    ("POST", WITHDRAW, SENT, NONE, 303),
    ("DELETE", API_ONE, SENT, NONE, 204),
];

impl TestApp {
    /// Invites the owner of an address to the staff of a hackathon. A server without email does so too, but the email is dropped.
    pub(super) async fn invites(
        &self,
        actor: Actor,
        slug: &str,
        address: &str,
        role: StaffRole,
    ) -> NewStaffInvitation {
        let own = &self.server.post;
        let is_mailing = own.channels.has(EMAIL);
        let post = if is_mailing {
            own.clone()
        } else {
            Post { channels: Mailbox::default().channels(), ..own.clone() }
        };
        let sent = invite_staff(self.context(), &post, actor, slug, address, role).await;
        let sent = sent.expect("invited");
        logs::plant(&sent.token);
        if !is_mailing {
            let sql = "DELETE FROM outbox_messages WHERE kind = 'staff_invitation'";
            self.change(sql).await.expect("dropped");
        }
        sent
    }
}

/// Lets the person invite people to the staff of a hackathon that they organize, one of whom accepts.
pub(super) async fn act(app: &TestApp, person: UserId) {
    let (context, actor) = (app.context(), Person(person.0));
    let slug = &held_by(app, person, november()).await;
    // A ban that was lifted ends what was granted at the instant of its beginning, too.
    app.clock.advance(TimeDelta::seconds(1));
    let sent = app.invites(actor, slug, "sent@harbor.example", StaffRole::Judge).await;
    withdraw_staff_invitation(context, actor, slug, sent.id).await.expect("withdrawn");
    let own = app.hacker("hack-invited").await;
    app.verify_address("hack-invited").await;
    let address = "hack-invited@oak.example";
    let sent = app.invites(actor, slug, address, StaffRole::Mentor).await;
    accept_staff_invitation(context, own, &sent.token).await.expect("accepted");
}
