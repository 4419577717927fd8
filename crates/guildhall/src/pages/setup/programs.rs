//! The step in which an admin chooses the programs of the community.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::{Problem, ProblemKind, listed};
use platform::{
    ActionError, Context,
    audit::Actor,
    db::DbError,
    flags::{FlagChange, KnownFlag, change},
    module::{Modules, Program},
};
use ui::{Filled, Form, PageError, PageResult, QueryString, redirect, show};

use super::frame::{Frame, Opened, after};
use crate::health::Watch;

const PAGE: &str = "/setup/programs";

/// The name of the boxes, whose values are flags.
const FIELD: &str = "programs";

/// The reason in the history of the flags.
const REASON: &str = "set up";

struct Row {
    program: Program,
    picture: &'static str,
    is_chosen: bool,
    /// The setting of the server that keeps it off, in a sentence.
    fixed: Option<String>,
}

impl Row {
    /// Shows a program. `is_proposed` chooses it before anyone did.
    fn of((program, known): &(Program, KnownFlag), form: &Form, is_proposed: Option<bool>) -> Self {
        let flag = program.flag;
        let fixed = || {
            format!(
                "Off: set by {} in the environment of the server. Change it there, then restart.",
                flag.variable
            )
        };
        let is_chosen = match form.refusal() {
            Some(_) => form.has(FIELD, flag.name, false),
            None => is_proposed.unwrap_or_else(|| known.setting.is_on_for_anyone()),
        };
        Self {
            program: *program,
            picture: ui::assets::program(program.picture),
            is_chosen: is_chosen && known.is_permitted,
            fixed: (!known.is_permitted).then(fixed),
        }
    }
}

#[derive(Template)]
#[template(path = "setup_programs.html")]
struct ProgramsPage {
    frame: Frame,
    rows: Vec<Row>,
    form: Form,
}

/// `GET /setup/programs`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(modules): Extension<Modules>,
    _: Admin,
    QueryString(opened): QueryString<Opened>,
) -> PageResult {
    render(&context, &watch, modules, Form::default(), &opened.from).await
}

async fn render(
    context: &Context,
    watch: &Watch,
    modules: Modules,
    form: Form,
    from: &str,
) -> PageResult {
    let programs = programs(context, modules).await?;
    let is_new = modules.awaits_choice(context).await?;
    // A new community is proposed the first program alone, so that it chooses the others.
    let proposed = |place: usize| is_new.then_some(place == 0);
    let rows = programs.iter().enumerate();
    show(&ProgramsPage {
        frame: Frame::of(PAGE, &watch.config).opened(from),
        rows: rows.map(|(place, own)| Row::of(own, &form, proposed(place))).collect(),
        form,
    })
}

/// Returns the names of the programs that are on, as a list.
pub(in crate::pages) fn names(context: &Context, modules: Modules) -> String {
    let on = modules.programs().filter(|own| context.flags.is_on_for_anyone(own.flag));
    listed(&on.map(|own| own.title).collect::<Vec<_>>(), "and")
}

/// Returns the programs with the settings of their flags.
async fn programs(
    context: &Context,
    modules: Modules,
) -> Result<Vec<(Program, KnownFlag)>, DbError> {
    let known = context.flags.known(&context.db).await?;
    let with_flag = |program: Program| {
        let own = known.iter().find(|known| known.flag == program.flag)?;
        Some((program, own.clone()))
    };
    Ok(modules.programs().filter_map(with_flag).collect())
}

/// `POST /setup/programs`: turns the chosen programs on and the others off.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(modules): Extension<Modules>,
    Admin(viewer): Admin,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let from = form.value("from").to_owned();
    match choose(&context, viewer.actor(), modules, &form).await {
        Ok(()) => Ok(redirect(after(PAGE, &from, &watch.config), "The programs are saved")),
        Err(error) => {
            let again = |form| render(&context, &watch, modules, form, &from);
            form.refused(error, again).await
        }
    }
}

/// Changes the flags of programs that were on or off, and records all of them the first time. Those that the environment
/// keeps off stay as they are, and so does a program that is on for some people, if it is chosen.
async fn choose(
    context: &Context,
    actor: Actor,
    modules: Modules,
    form: &Form,
) -> Result<(), ActionError> {
    let mut programs = programs(context, modules).await?;
    programs.retain(|(_, known)| known.is_permitted);
    let is_chosen = |program: &Program| form.has(FIELD, program.flag.name, false);
    if !programs.is_empty() && !programs.iter().any(|(program, _)| is_chosen(program)) {
        let detail = "Choose at least one program.";
        return Err(Problem::new(ProblemKind::Invalid, "NO_PROGRAM", detail).at(FIELD).into());
    }
    let is_first = modules.awaits_choice(context).await?;
    for (program, known) in &programs {
        let (enabled, was_on) = (is_chosen(program), known.setting.is_on_for_anyone());
        if enabled == was_on && !is_first {
            continue;
        }
        let wanted = FlagChange {
            enabled: Some(enabled),
            rollout_percent: (enabled && !was_on).then_some(100),
            ..FlagChange::default()
        };
        change(context, actor, program.flag.name, wanted, REASON).await?;
    }
    Ok(())
}
