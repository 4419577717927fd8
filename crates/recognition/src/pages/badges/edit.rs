use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::{Checks, Problem, ProblemKind};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, Undo, pick::MOST_CHOICES, redirect,
    redirect_with_undo, show,
};

use super::stored;
use crate::{
    Programmes,
    actions::{BadgeChange, NewBadge, award_badge, change_badge, create_badge, revoke_badge},
    model::{BadgeRow, Metric, Rarity},
    reads,
    rules::badges::{BadgeTexts, Criteria, refusal},
};

#[derive(Template)]
#[template(path = "edit_badge.html")]
struct EditPage {
    /// The badge; absent for a new one.
    badge: Option<BadgeRow>,
    name: String,
    description: String,
    /// The criteria as JSON.
    criteria: String,
    rarity: &'static str,
    metrics: Vec<&'static Metric>,
    form: Form,
    /// The form that was refused: `edit`, `award` or `revoke`.
    refused: &'static str,
    /// The logins that the form offers.
    people: Vec<String>,
}

impl EditPage {
    fn new(programmes: Programmes, form: Form) -> Self {
        Self {
            badge: None,
            name: String::new(),
            description: String::new(),
            criteria: r#"{ "kind": "pr_count", "at_least": 10 }"#.to_owned(),
            rarity: Rarity::Common.as_str(),
            metrics: programmes.metrics(),
            form,
            refused: "edit",
            people: Vec::new(),
        }
    }

    fn of(badge: BadgeRow, programmes: Programmes, form: Form, refused: &'static str) -> Self {
        let criteria = serde_json::to_string_pretty(&stored(&badge).document());
        Self {
            name: badge.name.clone(),
            description: badge.description.clone(),
            criteria: criteria.unwrap_or_default(),
            rarity: badge.rarity.as_str(),
            badge: Some(badge),
            refused,
            ..Self::new(programmes, form)
        }
    }

    /// Offers people to those forms that name one.
    async fn with_people(self, context: &Context) -> PageResult {
        let people = identity::reads::likely_logins(&context.db, MOST_CHOICES).await?;
        show(&Self { people, ..self })
    }

    /// Returns the address that the form of the badge is sent to.
    fn action(&self) -> String {
        match &self.badge {
            Some(badge) => format!("/admin/badges/{}", badge.slug),
            None => "/admin/badges/new".to_owned(),
        }
    }

    /// Returns true if everyone is shown the badge, or would be by default.
    fn is_public(&self) -> bool {
        self.badge.as_ref().is_none_or(BadgeRow::is_public)
    }

    /// Returns what was typed into a form, if it is the one that was refused.
    fn form_of<'a>(&'a self, name: &str, blank: &'a Form) -> &'a Form {
        if self.refused == name { &self.form } else { blank }
    }

    fn rarities() -> [Rarity; 4] {
        Rarity::ALL
    }
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BadgeForm {
    slug: String,
    name: String,
    description: String,
    criteria: String,
    rarity: String,
}

impl BadgeForm {
    /// Reads the criteria and the rarity; the texts, with the slug `slug`, are checked with them.
    ///
    /// # Errors
    /// When a field is not valid. The problem names all of them.
    fn read(&self, slug: &str, programmes: Programmes) -> Result<(Criteria, Rarity), Problem> {
        let texts = BadgeTexts {
            slug: slug.to_owned(),
            name: self.name.clone(),
            description: self.description.clone(),
        };
        let mut checks = Checks::default();
        checks.value(texts.checked());
        let parsed = Criteria::parse(&self.criteria, &programmes.metrics());
        let parsed = parsed.map_err(|errors| refusal(&errors));
        let rarity = Rarity::named(&self.rarity).ok_or_else(|| {
            let detail = "Choose a rarity: common, rare, epic or legendary.";
            Problem::new(ProblemKind::Invalid, "BAD_BADGE", detail).at("rarity")
        });
        let rarity = checks.read_or(rarity, Rarity::Common);
        match parsed {
            Ok(criteria) => checks.finish((criteria, rarity)),
            Err(problem) => Err(checks.and(problem)),
        }
    }
}

/// `GET /admin/badges/new`.
pub(super) async fn new(Extension(programmes): Extension<Programmes>, _: Admin) -> PageResult {
    show(&EditPage::new(programmes, Form::default()))
}

/// `POST /admin/badges/new`.
pub(super) async fn create(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<BadgeForm>,
) -> Result<Response, PageError> {
    let created = async {
        let (criteria, rarity) = fields.read(&fields.slug, programmes)?;
        let new = NewBadge {
            criteria,
            rarity,
            texts: BadgeTexts {
                slug: fields.slug,
                name: fields.name,
                description: fields.description,
            },
        };
        create_badge(&context, viewer.actor(), new).await
    };
    match created.await {
        Ok(badge) => Ok(redirect(
            "/admin/badges",
            &format!("{} is created; everyone is evaluated", badge.name),
        )),
        Err(error) => {
            let again = async |form| show(&EditPage::new(programmes, form));
            form.refused(error, again).await
        }
    }
}

/// `GET /admin/badges/{slug}`.
pub(super) async fn edit(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    _: Admin,
    Address(slug): Address<String>,
) -> PageResult {
    let badge = found(&context, &slug).await?;
    EditPage::of(badge, programmes, Form::default(), "").with_people(&context).await
}

async fn found(context: &Context, slug: &str) -> Result<BadgeRow, WebError> {
    let badge = reads::any_badge(&context.db, slug).await?;
    Ok(badge.ok_or_else(|| reads::unknown_badge(slug))?)
}

/// `POST /admin/badges/{slug}`.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<BadgeForm>,
) -> Result<Response, PageError> {
    let before = found(&context, &slug).await?;
    let changed = async {
        let (criteria, rarity) = fields.read(&slug, programmes)?;
        let change = BadgeChange {
            criteria: Some(criteria),
            rarity: Some(rarity),
            name: Some(fields.name),
            description: Some(fields.description),
            retired: None,
        };
        change_badge(&context, viewer.actor(), &slug, change).await
    };
    match changed.await {
        Ok(_) => Ok(back(&slug, "The changes are saved")),
        Err(error) => {
            let again = async |form| {
                EditPage::of(before, programmes, form, "edit").with_people(&context).await
            };
            form.refused(error, again).await
        }
    }
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/admin/badges/{slug}"), said)
}

/// `POST /admin/badges/{slug}/retire`.
pub(super) async fn retire(
    state: State<Context>,
    admin: Admin,
    slug: Address<String>,
) -> Result<Response, PageError> {
    move_to(state, admin, slug, true).await
}

/// `POST /admin/badges/{slug}/restore`.
pub(super) async fn restore(
    state: State<Context>,
    admin: Admin,
    slug: Address<String>,
) -> Result<Response, PageError> {
    move_to(state, admin, slug, false).await
}

/// Retires a badge, or ends that.
async fn move_to(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    retired: bool,
) -> Result<Response, PageError> {
    let change = BadgeChange { retired: Some(retired), ..BadgeChange::default() };
    let changed = change_badge(&context, viewer.actor(), &slug, change).await;
    let name = changed.map_err(WebError::from)?.name;
    if retired {
        let path = format!("/admin/badges/{slug}");
        let undo = Undo::by(format!("{path}/restore"));
        return Ok(redirect_with_undo(&path, &format!("{name} is retired"), &undo));
    }
    Ok(back(&slug, &format!("{name} is no longer retired")))
}

/// The person of an award or a revocation, and the reason.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HolderFields {
    login: String,
    reason: String,
}

/// `POST /admin/badges/{slug}/award`.
pub(super) async fn award(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<HolderFields>,
) -> Result<Response, PageError> {
    let badge = found(&context, &slug).await?;
    let (actor, login) = (viewer.actor(), fields.login.trim());
    match award_badge(&context, actor, &slug, login, &fields.reason).await {
        Ok(_) => Ok(back(&slug, &format!("{login} has the badge"))),
        Err(error) => {
            let again = async |form| {
                EditPage::of(badge, programmes, form, "award").with_people(&context).await
            };
            form.refused(error, again).await
        }
    }
}

/// `POST /admin/badges/{slug}/revoke`.
pub(super) async fn revoke(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<HolderFields>,
) -> Result<Response, PageError> {
    let badge = found(&context, &slug).await?;
    let (actor, login) = (viewer.actor(), fields.login.trim());
    match revoke_badge(&context, actor, &slug, login, &fields.reason).await {
        Ok(_) => Ok(back(&slug, &format!("{login} no longer has the badge"))),
        Err(error) => {
            let again = async |form| {
                EditPage::of(badge, programmes, form, "revoke").with_people(&context).await
            };
            form.refused(error, again).await
        }
    }
}
