//! The page that checks and publishes a project's rules.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use serde_json::Value;
use ui::{
    Filled, Form, PageError, PageResult,
    format::{Instant, Number},
    redirect, show,
};

use super::{
    rules_effect::EffectFigures,
    rules_form::{FieldGroup, FormError, groups, sentence, wrong},
};
use crate::{
    access::Maintainer,
    actions::{NewRules, preview_rules, publish_rules},
    reads::{self, ProjectView, RulesVersion},
    rules::{
        Candidate, FieldError, RulesDocument,
        form::document_of,
        rule_words::{RuleChange, changes_between},
    },
};

#[derive(Template)]
#[template(path = "edit_rules.html")]
struct RulesPage {
    slug: String,
    name: String,
    archived: Option<Instant>,
    current: Number,
    /// The version that the forms are based on.
    based_on: i64,
    /// The changes by rules that the current version does not have.
    offered: Vec<RuleChange>,
    groups: Vec<FieldGroup>,
    wrong: Vec<FormError>,
    /// The document, as JSON.
    json: String,
    /// The errors of the document that was typed as JSON.
    json_errors: Vec<String>,
    /// True if the document was typed as JSON.
    is_json: bool,
    checked: Option<CheckedDocument>,
    /// The refusal of a publication.
    form: Form,
}

/// A document without errors.
struct CheckedDocument {
    /// The number of the version that it would be.
    number: Number,
    /// The document as it would be published.
    text: String,
    changes: Vec<RuleChange>,
    effect: EffectFigures,
}

struct TypedDocument {
    /// The document that the fields state or show, which may be invalid.
    shown: Value,
    /// The text of the field for JSON.
    json: String,
    is_json: bool,
    based_on: i64,
    errors: Vec<FieldError>,
    candidate: Option<Candidate>,
}

impl TypedDocument {
    /// Returns the current rules with those that are new, which are not checked.
    fn current(current: &RulesVersion) -> Self {
        let next = current.successor();
        Self {
            shown: every_rule(&next.document),
            json: format!("{:#}", next.stated()),
            is_json: false,
            based_on: current.version,
            errors: Vec::new(),
            candidate: None,
        }
    }

    /// Reads the form for JSON, or the one with a field for each rule.
    fn of(draft: DocumentFields, form: &Form, current: &RulesVersion) -> Self {
        let typed = Self { based_on: draft.based_on, ..Self::current(current) };
        match draft.json {
            Some(json) => typed.with_json(json),
            None => typed.with_fields(form),
        }
    }

    fn with_json(self, json: String) -> Self {
        let read = Candidate::read(&json);
        let typed = Self { json, is_json: true, ..self };
        match read {
            Ok(candidate) => Self {
                // The fields show the document once it is valid.
                shown: every_rule(&candidate.document),
                candidate: Some(candidate),
                ..typed
            },
            Err(errors) => Self { errors, ..typed },
        }
    }

    fn with_fields(self, form: &Form) -> Self {
        let (shown, mut errors) = document_of(form.fields());
        let candidate = match Candidate::read(&shown.to_string()) {
            // The fields state every rule, so those that have their default are left out.
            Ok(candidate) => Some(Candidate::of(candidate.document)),
            Err(found) => {
                errors.extend(found);
                None
            }
        };
        let candidate = candidate.filter(|_| errors.is_empty());
        let stated = candidate.as_ref().map(Candidate::stated);
        Self {
            shown,
            json: stated.map_or(self.json, |stated| format!("{stated:#}")),
            errors,
            candidate,
            ..self
        }
    }
}

fn every_rule(document: &RulesDocument) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

async fn render(
    context: &Context,
    project: &ProjectView,
    current: &RulesVersion,
    typed: TypedDocument,
    form: Form,
) -> PageResult {
    let checked = match &typed.candidate {
        Some(candidate) => Some(checked(context, project, current, candidate).await?),
        None => None,
    };
    let of_fields = if typed.is_json { &[][..] } else { &typed.errors };
    let groups = groups(&typed.shown, of_fields);
    show(&RulesPage {
        slug: project.slug.clone(),
        name: project.name.clone(),
        archived: project.archived_at.map(Instant),
        current: Number(current.version),
        based_on: typed.based_on,
        offered: changes_between(&current.rules(), &current.successor().document),
        wrong: wrong(&groups, of_fields),
        groups,
        json_errors: if typed.is_json {
            typed.errors.iter().map(sentence).collect()
        } else {
            Vec::new()
        },
        json: typed.json,
        is_json: typed.is_json,
        checked,
        form,
    })
}

async fn checked(
    context: &Context,
    project: &ProjectView,
    current: &RulesVersion,
    candidate: &Candidate,
) -> Result<CheckedDocument, WebError> {
    let document = candidate.document.clone();
    let preview = preview_rules(context, project, current, document).await?;
    Ok(CheckedDocument {
        number: Number(current.version + 1),
        text: candidate.text.clone(),
        changes: changes_between(&current.rules(), &candidate.document),
        effect: EffectFigures::from(&preview),
    })
}

/// `GET /projects/{slug}/rules/edit`.
pub(super) async fn edit(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> PageResult {
    let current = reads::current_rules(&context.db, project.id.into()).await?;
    let typed = TypedDocument::current(&current);
    render(&context, &project, &current, typed, Form::default()).await
}

/// The field of the form for JSON, and the version that both forms are based on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocumentFields {
    based_on: i64,
    json: Option<String>,
}

/// `POST /projects/{slug}/rules/edit`: checks the fields or the JSON. Changes nothing.
pub(super) async fn check(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
    Filled(draft, form): Filled<DocumentFields>,
) -> Result<Response, PageError> {
    let current = reads::current_rules(&context.db, project.id.into()).await?;
    let typed = TypedDocument::of(draft, &form, &current);
    let status = match typed.candidate {
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = render(&context, &project, &current, typed, Form::default()).await?;
    Ok((status, page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CheckedRules {
    based_on: i64,
    document: String,
}

/// `POST /projects/{slug}/rules/publish`: publishes the document that was checked.
pub(super) async fn publish(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(rules, form): Filled<CheckedRules>,
) -> Result<Response, PageError> {
    let new = NewRules { document: rules.document.clone(), based_on: Some(rules.based_on) };
    match publish_rules(&context, viewer.actor(), &project.slug, new).await {
        Ok(published) => {
            let said = format!(
                "Version {} is published. It scores pull requests that are opened from now on",
                Number(published.version)
            );
            Ok(redirect(&format!("/projects/{}/rules", project.slug), &said))
        }
        Err(error) => {
            let current = reads::current_rules(&context.db, project.id.into()).await;
            let current = current.map_err(WebError::from)?;
            let draft = DocumentFields { based_on: rules.based_on, json: Some(rules.document) };
            let typed = TypedDocument::of(draft, &form, &current);
            let again = |form| render(&context, &project, &current, typed, form);
            form.refused(error, again).await
        }
    }
}
