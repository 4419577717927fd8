use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use askama::Template;
use axum::{Extension, extract::State};
use kernel::in_words;
use platform::{
    Context,
    db::DbError,
    outbox::{EMAIL, Post},
    web::{List, WebError},
};
use serde::Deserialize;
use ui::{
    Form, PageResult, QueryString, Who,
    format::{Instant, Number, segment},
    show,
};

use crate::{
    access::Moderator,
    api::searched_role,
    model::{AccountKind, Role, SignInMethods, UserId, Viewer},
    reads::{self, Member, MemberFilter, OpenInvitation},
    rules::INVITATION_LASTS,
};

/// People on a page.
const ROWS: i64 = 50;

/// A search for people; empty fields match everyone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleSearch {
    /// A part of a name or a username; for admins also of an email address.
    q: String,
    role: String,
    after: String,
    /// The page that people whom an admin invites see after joining.
    to: String,
}

struct Row {
    id: String,
    who: Who,
    /// The verified address, for admins.
    email: Option<String>,
    /// True if several people of the page have the login.
    is_ambiguous: bool,
    /// The kind of an account that is no person's: "Bot".
    kind: Option<String>,
    role: &'static str,
    points: Number,
    is_banned: bool,
    seen: Instant,
    claimed: Option<Instant>,
}

/// The form and the list with which admins invite people.
struct Invite {
    /// True if the server can send email.
    can_send: bool,
    /// True if people cannot sign in with GitHub here.
    lacks_github: bool,
    /// The number of days that an invitation is open.
    days: i64,
    open: Vec<Invited>,
}

/// An open invitation.
struct Invited {
    id: String,
    address: String,
    by: String,
    sent: Instant,
}

impl Invite {
    async fn read(
        context: &Context,
        post: &Post,
        methods: &SignInMethods,
    ) -> Result<Self, DbError> {
        let open = reads::open_invitations(&context.db, context.now()).await?;
        let row = |open: OpenInvitation| Invited {
            id: open.id.to_string(),
            address: open.address,
            by: open.invited_by,
            sent: Instant(open.created_at),
        };
        Ok(Self {
            can_send: post.channels.has(EMAIL),
            lacks_github: !methods.has_github(),
            days: INVITATION_LASTS.num_days(),
            open: open.into_iter().map(row).collect(),
        })
    }
}

#[derive(Template)]
#[template(path = "admin_people.html")]
struct PeoplePage {
    search: PeopleSearch,
    /// True if the search also reads addresses.
    by_address: bool,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    invite: Option<Invite>,
    form: Form,
    now: Instant,
}

impl PeoplePage {
    fn is_searched(&self) -> bool {
        !self.search.q.is_empty() || !self.search.role.is_empty()
    }
}

/// `GET /admin/people`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Moderator(viewer): Moderator,
    QueryString(search): QueryString<PeopleSearch>,
) -> PageResult {
    render(&context, (&post, &methods), &viewer, search, Form::default()).await
}

/// Renders the page with an empty or rejected invitation.
pub(super) async fn render(
    context: &Context,
    (post, methods): (&Post, &SignInMethods),
    viewer: &Viewer,
    search: PeopleSearch,
    form: Form,
) -> PageResult {
    let by_address = viewer.acts_as(Role::Admin);
    let filter = MemberFilter {
        text: search.q.trim().to_owned(),
        by_address,
        role: searched_role(&search.role).map_err(WebError::from)?,
        after: reads::place(&search.after),
        ..MemberFilter::default()
    };
    let found = reads::members(&context.db, &filter, context.now(), ROWS + 1).await?;
    let found = List::cut(found, ROWS, |row| segment(&row.cursor()));
    let (q, role) = (segment(&search.q), segment(&search.role));
    let next = found.next_cursor.as_ref();
    let next = next.map(|last| format!("/admin/people?q={q}&role={role}&after={last}"));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for member in &found.items {
        *counts.entry(member.login.to_lowercase()).or_default() += 1;
    }
    let mut addresses = match by_address {
        true => {
            let people = found.items.iter().map(|member| UserId::from(member.id));
            reads::verified_emails(&context.db, people).await?
        }
        false => BTreeMap::new(),
    };
    let invite = match by_address {
        true => Some(Invite::read(context, post, methods).await?),
        false => None,
    };
    let row = |member: Member| {
        let is_ambiguous = counts.get(&member.login.to_lowercase()) > Some(&1);
        Row {
            is_ambiguous,
            email: addresses.remove(&UserId::from(member.id)),
            id: member.id.to_string(),
            who: member.who(),
            kind: other_kind(member.kind),
            role: member.role.as_str(),
            points: Number(member.total_points),
            is_banned: member.ban.reason.is_some(),
            seen: Instant(member.created_at),
            claimed: member.claimed_at.map(Instant),
        }
    };
    show(&PeoplePage {
        rows: found.items.into_iter().map(row).collect(),
        is_first: search.after.is_empty(),
        search,
        by_address,
        next,
        invite,
        form,
        now: Instant(context.now()),
    })
}

/// Names the kind of an account that is no person's.
pub(super) fn other_kind(kind: AccountKind) -> Option<String> {
    let is_other = matches!(kind, AccountKind::Bot | AccountKind::Organization);
    is_other.then(|| in_words(kind.as_str()))
}
