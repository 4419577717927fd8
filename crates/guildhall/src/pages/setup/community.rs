//! The step in which an admin names the community, describes it, and chooses its picture.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use identity::{access::AdminInPerson, model::Viewer};
use platform::{
    ActionError, Context,
    config::{CommunityPicture, Config},
    media::{self, COMMUNITY_BANNER, Crop, NewPicture, PictureSource, PictureUse, Prepared},
    settings::{BannerChange, SettingChange},
    slug,
};
use ui::{
    Form, MaybeUpload, PageError, PageResult, QueryString, picture_of_community, redirect, show,
};

use super::{
    frame::{Frame, Opened, after},
    shown::{Shown, based_on, is_outdated},
};
use crate::server_settings::{SavedSettings, ServerSettings};

const PAGE: &str = "/setup/community";

/// The keys of texts, each a field of the form.
const TEXTS: [&str; 7] = [
    "community_name",
    "community_description",
    "public_url",
    "community_contact",
    "contact_operations",
    "contact_engineering",
    "contact_product",
];

/// The keys of the contacts in an incident, with their labels.
const CONTACTS: [(&str, &str); 3] = [
    ("contact_operations", "Operations"),
    ("contact_engineering", "Engineering"),
    ("contact_product", "Product"),
];

/// The key of the picture, whose field has its text.
const PICTURE: &str = "community_picture";

/// The names of the drawings that an admin can choose.
const DRAWINGS: [&str; 3] = ["First drawing", "Second drawing", "Third drawing"];

/// The slug of a name that has none.
const PLAIN: &str = "community";

/// A picture that can be chosen.
struct Choice {
    value: String,
    address: String,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "setup_community.html")]
struct CommunityPage {
    frame: Frame,
    shown: Shown,
    /// The URL of the server as the browser knows it.
    here: String,
    choices: Vec<Choice>,
}

impl CommunityPage {
    /// Returns the picture of the preview.
    fn picture(&self) -> &str {
        let chosen = self.choices.iter().find(|choice| choice.is_chosen);
        chosen.map_or("", |choice| &choice.address)
    }
}

/// `GET /setup/community`.
pub(super) async fn page(
    State(context): State<Context>,
    settings: ServerSettings,
    _: AdminInPerson,
    headers: HeaderMap,
    QueryString(opened): QueryString<Opened>,
) -> PageResult {
    let shown = Shown::read(&context, &settings, Form::default(), false).await?;
    render(shown, &headers, &opened.from)
}

fn render(shown: Shown, headers: &HeaderMap, from: &str) -> PageResult {
    show(&CommunityPage {
        frame: Frame::of(PAGE, &shown.config).opened(from),
        here: here(headers),
        choices: choices(&shown.config, &shown.form),
        shown,
    })
}

/// Returns the URL of the server as the browser states it, which the form proposes.
fn here(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    format!("{scheme}://{}", text(header::HOST.as_str()).unwrap_or("localhost"))
}

/// Returns the drawings of the community's name, and its present picture if that is another.
fn choices(config: &Config, form: &Form) -> Vec<Choice> {
    let base = slug::from_name(&config.community_name).unwrap_or_else(|| PLAIN.to_owned());
    let drawn = DRAWINGS.into_iter().zip(1..).map(|(label, number)| {
        let slug = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        (CommunityPicture::Drawn(slug), label)
    });
    let mut all: Vec<_> = drawn.collect();
    let present = config.community_picture.clone();
    if let Some(present) = present.clone().filter(|own| all.iter().all(|(known, _)| known != own)) {
        all.push((present, "Present picture"));
    }
    let first = present.as_ref().unwrap_or(&all[0].0).as_str().to_owned();
    let chosen = form.value_or(PICTURE, &first);
    let choice = |(picture, label): (CommunityPicture, &'static str)| Choice {
        is_chosen: picture.as_str() == chosen,
        address: picture_of_community(&picture),
        value: picture.as_str().to_owned(),
        label,
    };
    all.into_iter().map(choice).collect()
}

/// `POST /setup/community`.
pub(super) async fn save(
    State(context): State<Context>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    headers: HeaderMap,
    sent: MaybeUpload,
) -> Result<Response, PageError> {
    let from = sent.form.value("from").to_owned();
    match keep(&context, &settings, &viewer, &sent).await {
        Ok(saved) => {
            let path = after(PAGE, &from, &settings.config);
            Ok(saved.on(redirect(path, "Name and picture saved")))
        }
        Err(error) => {
            let is_outdated = is_outdated(&error);
            let page = async |form| {
                let shown = Shown::read(&context, &settings, form, is_outdated).await?;
                render(shown, &headers, &from)
            };
            sent.form.clone().refused(error, page).await
        }
    }
}

/// Saves what is not set outside of the browser.
async fn keep(
    context: &Context,
    settings: &ServerSettings,
    viewer: &Viewer,
    sent: &MaybeUpload,
) -> Result<SavedSettings, ActionError> {
    let (form, config) = (&sent.form, settings.newest().await?);
    let mut changes: Vec<SettingChange> = TEXTS.map(|key| text_change(form, key)).into();
    let is_free = config.fixed_by(PICTURE).is_none();
    let uploaded = match sent.file() {
        Some(file) if is_free => {
            media::count_upload(context, viewer.user_id.0).await?;
            Some(media::prepared(file, PictureUse::Banner, Crop::default()).await?)
        }
        _ => None,
    };
    changes.push(SettingChange::typed(PICTURE, &picture_text(form, &config, uploaded.as_ref())));
    changes.retain(|change| config.fixed_by(change.key).is_none());
    let description = format!("Picture of {}", form.value("community_name").trim());
    let banner = match &uploaded {
        Some(picture) => BannerChange::Placed(NewPicture {
            owner: viewer.user_id.0,
            used: PictureUse::Banner,
            subject: COMMUNITY_BANNER,
            source: PictureSource::Upload,
            description: &description,
            picture,
        }),
        None if !is_free || form.value(PICTURE).starts_with('/') => BannerChange::Kept,
        None => BannerChange::Removed,
    };
    settings.save_with_banner(viewer.actor(), based_on(form), &changes, banner).await
}

/// Returns the change of a text, which is one line. Without a name, nothing is saved.
fn text_change(form: &Form, key: &'static str) -> SettingChange {
    let line = form.value(key).split_whitespace().collect::<Vec<_>>().join(" ");
    match key {
        "community_name" => SettingChange::set(key, line),
        _ => SettingChange::typed(key, &line),
    }
}

/// Returns the text of the picture's key. Of uploaded pictures, only the present one can be chosen again.
fn picture_text(form: &Form, config: &Config, uploaded: Option<&Prepared>) -> String {
    let chosen = form.value(PICTURE);
    match (uploaded, &config.community_picture) {
        (Some(made), _) => media::address(&made.hash, made.extension),
        (None, Some(present)) if chosen.starts_with('/') => present.as_str().to_owned(),
        (None, _) => chosen.to_owned(),
    }
}
