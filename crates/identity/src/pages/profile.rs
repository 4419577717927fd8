//! The profile of a person, and their portrait.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use kernel::listed;
use platform::{
    Context,
    media::{self, Crop, PictureUse},
    web::WebError,
};
use ui::{
    Filled, Form, PageError, PageResult, PersonFace, QueryString, Upload, Who, format::segment,
    redirect, show,
};

use super::{flow::Return, link_rows::RowChange};
use crate::{
    access::{InPerson, SignedIn},
    actions,
    model::{OpenTo, ProfileLink, ProfilePart, Viewer},
    reads::{self, OwnProfile},
    rules::{self, LONGEST_BIO, MOST_LINKS, ProfileInput, return_path},
};

const PAGE: &str = "/settings/profile";

/// A box of the form.
struct Choice {
    code: &'static str,
    heading: &'static str,
    is_chosen: bool,
}

struct LinkFields {
    number: usize,
    label: String,
    address: String,
}

#[derive(Template)]
#[template(path = "settings_profile.html")]
struct ProfilePage {
    own: OwnProfile,
    who: Who,
    face: PersonFace<'static>,
    form: Form,
    links: Vec<LinkFields>,
    /// The number of links whose fields are shown.
    rows: usize,
    /// True if the last of them was just added.
    is_added: bool,
    open_to: Vec<Choice>,
    hidden: Vec<Choice>,
    longest_bio: usize,
    /// The number of characters that the text about the person has.
    bio_length: usize,
    timezone: String,
    /// The path that a new person continues to.
    next: Option<String>,
}

impl ProfilePage {
    /// Returns true if the form as it is hides the texts.
    fn hides_about(&self) -> bool {
        self.hides(ProfilePart::About)
    }

    /// Returns true if the form as it is hides the links.
    fn hides_links(&self) -> bool {
        self.hides(ProfilePart::Links)
    }

    fn hides(&self, part: ProfilePart) -> bool {
        self.hidden.iter().any(|choice| choice.is_chosen && choice.code == part.as_str())
    }

    /// Returns the names of the links as they are typed.
    fn shown_links(&self) -> impl Iterator<Item = &str> {
        let typed = self.links.iter().filter(|link| !link.address.trim().is_empty());
        typed.map(|link| {
            let named = [link.label.trim(), link.address.trim()];
            named.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
        })
    }

    /// Returns the headings of the chosen boxes, as they stand in a sentence.
    fn chosen(choices: &[Choice]) -> Vec<String> {
        let chosen = choices.iter().filter(|choice| choice.is_chosen);
        chosen.map(|choice| choice.heading.to_lowercase()).collect()
    }

    /// Returns what the person is open to, as their page says it.
    fn open_words(&self) -> String {
        match Self::chosen(&self.open_to) {
            none if none.is_empty() => String::new(),
            chosen => format!("Open to {}.", chosen.join(", ")),
        }
    }

    fn hidden_set(&self) -> String {
        match Self::chosen(&self.hidden) {
            none if none.is_empty() => "nothing is hidden".to_owned(),
            chosen => format!("hidden: {}", listed(&chosen, "and")),
        }
    }

    /// Returns true if others see a login that says nothing.
    fn is_nameless(&self) -> bool {
        self.own.profile.name.is_empty() && rules::names_no_one(&self.who.login)
    }

    fn zone_set(&self) -> &str {
        let zone = self.form.value_or("timezone", &self.timezone).trim();
        if zone.is_empty() { "not set" } else { zone }
    }
}

/// Routes of the profile.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/settings/profile", get(page).post(save))
        .route("/settings/profile/picture", post(upload).layer(Upload::limit()))
        .route("/settings/profile/picture/github", post(from_github))
        .route("/settings/profile/picture/remove", post(remove))
}

/// `GET /settings/profile`: a new person continues to the path `return` from there.
async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<Return>,
) -> PageResult {
    render_with(&context, &viewer, Form::default(), 0, query.path.as_deref()).await
}

async fn render(context: &Context, viewer: &Viewer, form: Form) -> PageResult {
    let next = next(&form).map(str::to_owned);
    render_with(context, viewer, form, 0, next.as_deref()).await
}

/// Returns the path that a sent form continues to, if it names one.
fn next(form: &Form) -> Option<&str> {
    Some(form.value("return")).filter(|path| !path.is_empty())
}

/// Returns the address of the page, which continues to the path that a sent form names.
fn page_again(form: &Form) -> String {
    let to = |path| format!("{PAGE}?return={}", segment(return_path(Some(path))));
    next(form).map_or_else(|| PAGE.to_owned(), to)
}

/// Renders the page with the fields of at least this number of links.
async fn render_with(
    context: &Context,
    viewer: &Viewer,
    form: Form,
    at_least: usize,
    next: Option<&str>,
) -> PageResult {
    let own = reads::profile(&context.db, viewer.user_id).await?;
    let shown = own.shown();
    let who = Who {
        login: viewer.login.clone(),
        name: shown.name,
        picture: shown.picture,
        has_page: !own.is_minor,
    };
    let link = |number: usize| {
        let stored = own.profile.links.get(number);
        let typed = |part: &str, stored: &str| {
            form.value_or(&format!("link_{part}_{number}"), stored).to_owned()
        };
        LinkFields {
            number,
            label: typed("label", stored.map_or("", |link| &link.label)),
            address: typed("address", stored.map_or("", |link| &link.address)),
        }
    };
    let open_to = OpenTo::ALL.map(|code| Choice {
        code: code.as_str(),
        heading: code.heading(),
        is_chosen: form.has("open_to", code.as_str(), own.profile.open_to.contains(&code)),
    });
    let hidden = ProfilePart::ALL.map(|code| Choice {
        code: code.as_str(),
        heading: code.heading(),
        is_chosen: form.has("hidden", code.as_str(), own.profile.hides(code)),
    });
    let links: Vec<LinkFields> = (0..MOST_LINKS).map(link).collect();
    let is_used = |link: &LinkFields| !link.label.is_empty() || !link.address.is_empty();
    let used = links.iter().rposition(is_used).map_or(1, |last| last + 1);
    show(&ProfilePage {
        rows: used.max(at_least).min(MOST_LINKS),
        is_added: at_least > 0,
        face: PersonFace::of(&who, "xl"),
        links,
        open_to: open_to.into(),
        hidden: hidden.into(),
        longest_bio: LONGEST_BIO,
        bio_length: form.value_or("bio", &own.profile.bio).chars().count(),
        timezone: own.timezone.clone().unwrap_or_default(),
        next: next.map(|path| return_path(Some(path)).to_owned()),
        own,
        who,
        form,
    })
}

/// `POST /settings/profile`: saves the profile, or shows the form with one link more or less.
async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    if let Some(change) = RowChange::asked(&form) {
        let at_least = if let RowChange::Add(shown) = change { shown.saturating_add(1) } else { 0 };
        let changed = change.on(&form);
        let page = render_with(&context, &viewer, changed, at_least, next(&form)).await?;
        return Ok(page.into_response());
    }
    let input = input(&fields);
    let zone = form.value("timezone").to_owned();
    match actions::save_profile(&context, viewer.user_id, &input, Some(&zone)).await {
        Ok(()) => {
            let to = next(&form).map_or(PAGE, |path| return_path(Some(path)));
            Ok(redirect(to, "Profile saved"))
        }
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            form.refused(error, page).await
        }
    }
}

fn input(fields: &[(String, String)]) -> ProfileInput {
    let all = |name: &str| -> Vec<String> {
        let named = fields.iter().filter(|(field, _)| field == name);
        named.map(|(_, value)| value.clone()).collect()
    };
    let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
    let link = |number: usize| ProfileLink {
        label: one(&format!("link_label_{number}")),
        address: one(&format!("link_address_{number}")),
    };
    ProfileInput {
        name: one("name"),
        bio: one("bio"),
        pronouns: one("pronouns"),
        location: one("location"),
        links: (0..MOST_LINKS).map(link).collect(),
        open_to: all("open_to"),
        contact: one("contact"),
        hidden: all("hidden"),
    }
}

/// `POST /settings/profile/picture`.
async fn upload(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    upload: Upload,
) -> Result<Response, PageError> {
    let form = &upload.form;
    let crop = Crop::read(form.value("x"), form.value("y"), form.value("size"));
    let placed = async {
        if reads::is_minor(&context.db, viewer.user_id).await? {
            return Err(rules::not_for_minors().into());
        }
        media::count_upload(&context, viewer.user_id.0).await?;
        let made = media::prepared(upload.file()?, PictureUse::Face, crop).await?;
        actions::set_portrait(&context, viewer.user_id, &made).await
    };
    match placed.await {
        Ok(()) => Ok(redirect(&page_again(form), "Picture uploaded")),
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            upload.form.clone().refused(error, page).await
        }
    }
}

/// `POST /settings/profile/picture/github`.
async fn from_github(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    match actions::ask_for_avatar(&context, viewer.user_id).await {
        Ok(()) => Ok(redirect(
            &page_again(&form),
            "Your picture on GitHub is being fetched. Reload this page in a moment.",
        )),
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            form.refused(error, page).await
        }
    }
}

/// `POST /settings/profile/picture/remove`.
async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let removed = actions::remove_portrait(&context, viewer.user_id).await;
    removed.map_err(WebError::from)?;
    Ok(redirect(&page_again(&form), "Picture removed"))
}
