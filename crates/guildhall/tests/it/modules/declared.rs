//! Lists the declarations of modules as lines of text.

use std::collections::BTreeSet;

use axum::{Router, http::Extensions};
use platform::module::{Module, Modules, Services};

use crate::auth::routes;

/// Returns the API paths that a module describes.
pub(super) fn paths(module: &Module) -> BTreeSet<String> {
    let mut described = (module.api)().into_openapi();
    described.merge((module.intake_description)());
    described.paths.paths.keys().cloned().collect()
}

/// Counts the extensions that a module provides to every request.
fn provided(module: &Module, services: &Services) -> usize {
    let mut provided = Extensions::new();
    (module.provide)(services, &mut provided);
    provided.len()
}

/// Lists every declaration of every module, one per line, beginning with the module's name.
pub(super) fn list(modules: Modules, services: &Services) -> String {
    let mut lines = Vec::new();
    for module in modules.iter() {
        let mut own: Vec<String> = Vec::new();
        let mut add =
            |field: &str, what: &str| own.push(format!("{} {field}: {what}", module.name));
        for table in module.tables {
            add("table", &format!("{} {:?}, {}", table.name, table.personal, table.retention));
        }
        for migration in (module.migrations)() {
            add("migration", migration.name());
        }
        for path in paths(module) {
            add("api", &path);
        }
        let of = |router: Router<platform::Context>| {
            routes::of(&router.with_state(services.context.clone()))
        };
        for (method, path) in of((module.pages)(services)) {
            add("page", &format!("{method} {path}"));
        }
        for (method, path) in routes::of(&(module.intake)(services)) {
            add("intake", &format!("{method} {path}"));
        }
        match provided(module, services) {
            0 => {}
            count => add("provides", &format!("{count} extensions")),
        }
        module.public_routes.iter().for_each(|route| add("public", route));
        for (route, names) in module.page_parameters {
            add("reads", &format!("{route} {}", names.join(", ")));
        }
        module.guarded_routes.iter().for_each(|route| add("guarded", route));
        module.unlimited_routes.iter().for_each(|route| add("unlimited", route));
        for item in module.navigation {
            add(
                "link",
                &format!("{:?} {} {} {:?}", item.place, item.label, item.address, item.audience),
            );
        }
        for panel in module.panels {
            add("panel", &format!("{:?} {}", panel.place, panel.order));
        }
        for events in module.events {
            add("events", events.all.0);
        }
        module.tasks.iter().for_each(|kind| add("task", kind.code));
        module.running.iter().for_each(|kind| add("running", kind.code));
        module.pictured.iter().for_each(|own| add("pictured", own.kind));
        for kind in module.search {
            let flag = kind.flag.map_or("", |flag| flag.name);
            add("search", &format!("{} {} {flag}", kind.order, kind.code));
        }
        if let Some(front) = module.front {
            add("front", front.flag.map_or("yes", |flag| flag.name));
        }
        if let Some(program) = module.program {
            add("program", program.flag.name);
        }
        module.first_steps.iter().for_each(|step| add("first step", step.address));
        module.guides.iter().for_each(|guide| add("guide", guide.name));
        for command in module.commands {
            add("command", (command.describe)().get_name());
        }
        if module.demo.is_some() {
            add("demo", "yes");
        }
        let jobs = (module.jobs)(services);
        jobs.workers.iter().for_each(|worker| add("worker", worker.name));
        jobs.schedules.iter().for_each(|schedule| add("schedule", schedule.name()));
        module.flags.iter().for_each(|flag| add("flag", flag.name));
        module.audit.iter().for_each(|kind| add("audit", kind.action));
        module.problems.iter().for_each(|problem| add("problem", problem.code));
        module.api_tags.iter().for_each(|tag| add("tag", tag.name));
        module.api_parameters.iter().for_each(|one| add("parameter", one.place));
        module.api_roles.iter().for_each(|role| add("role", role.name));
        for link in module.api_links {
            add("api link", &format!("{} to {}", link.from, link.to));
        }
        module.alerts.iter().for_each(|rule| add("alert", rule.kind));
        module.metrics.iter().for_each(|metric| add("metric", metric.name));
        if module.measure.is_some() {
            add("measure", "yes");
        }
        module.series.iter().for_each(|series| add("series", series.code));
        module.spending.iter().for_each(|spending| add("spending", spending.code));
        for column in module.sealed {
            add("sealed", &format!("{}.{}", column.table, column.column));
        }
        module.news.iter().for_each(|kind| add("news", kind.code));
        for service in (module.services)(&services.config, &services.post) {
            add("service", service.name());
        }
        (module.email_samples)().iter().for_each(|sample| add("email", sample.name));
        if module.export.is_some() {
            add("export", "yes");
        }
        if module.erase.is_some() {
            add("erase", "yes");
        }
        if module.invites.is_some() {
            add("invites", "yes");
        }
        if module.subjects.is_some() {
            add("subjects", "yes");
        }
        lines.extend(own);
    }
    lines.join("\n") + "\n"
}

macro_rules! without {
    ($module:ident: $($field:ident),+ $(,)?) => {
        vec![$((stringify!($field), Module { $field: Module::EMPTY.$field, ..copy($module) })),+]
    };
}

fn copy(module: &Module) -> Module {
    Module { ..*module }
}

/// Returns copies of the module, each without one of the fields that it declares.
pub(super) fn without_each_field(module: &Module) -> Vec<(&'static str, Module)> {
    let all = without!(module:
        tables, migrations, api, pages, intake, intake_description, provide, public_routes, page_parameters,
        guarded_routes, unlimited_routes, navigation, panels, events, tasks, running, pictured, search, front, program, first_steps, guides, commands, demo, jobs, flags, audit, problems,
        api_tags,
        api_parameters, api_roles, api_links, alerts, metrics, measure, series, spending, sealed, news, services, email_samples, export, erase,
        invites, subjects,
    );
    let is_filled = |(field, without): &(&'static str, Module)| {
        format!("{module:?}") != format!("{without:?}") && !field.is_empty()
    };
    all.into_iter().filter(is_filled).collect()
}
