use std::collections::HashMap;

use axum::http::Extensions;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{
    AlertRule, ApiLink, ApiParameter, ApiRole, ApiTag, AuditKind, Demo, Events, FirstStep, Front,
    FrontSource, Guide, Module, NavItem, NewsKind, Panel, PanelPlace, PanelRequest, PanelView,
    Pictured, ProblemCode, Program, SearchKind, Services, Table, store,
};
use crate::{
    Context,
    command::Command,
    config::Config,
    crypto::SealedColumn,
    db::{DbError, Migration, Tx},
    flags::{Flag, FlagView, FlagViewer, changes},
    jobs::{Jobs, Runner},
    outbox::{Post, Sample},
    outside::OutsideServices,
    telemetry::Metric,
    web::WebError,
    work::{Happening, Running, TaskKind, happenings},
};

/// The modules of the application, lower layers first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Modules(pub &'static [&'static Module]);

impl Modules {
    /// Iterates over the modules.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'static Module> {
        self.0.iter().copied()
    }

    /// Concatenates one list of every module.
    fn all<T: Copy + 'static>(self, list: fn(&Module) -> &'static [T]) -> Vec<T> {
        self.iter().flat_map(|module| list(module).iter().copied()).collect()
    }

    /// Returns the migrations of all modules in the order in which they were written.
    #[must_use]
    pub fn migrations(self) -> Vec<Box<dyn Migration>> {
        let mut all: Vec<_> = self.iter().flat_map(|module| (module.migrations)()).collect();
        all.sort_by(|one, other| one.name().cmp(other.name()));
        all
    }

    /// Merges the API routes of all modules.
    pub fn api(self) -> OpenApiRouter<Context> {
        self.iter().fold(OpenApiRouter::default(), |all, module| all.merge((module.api)()))
    }

    /// Describes every route of the API.
    #[must_use]
    pub fn description(self) -> OpenApi {
        let mut description = self.api().into_openapi();
        for module in self.iter() {
            description.merge((module.intake_description)());
        }
        description
    }

    /// Returns the health checks of the external services that modules call.
    #[must_use]
    pub fn services(self, config: &Config, post: &Post) -> OutsideServices {
        let all = self.iter().flat_map(|module| (module.services)(config, post));
        OutsideServices::new(all.collect())
    }

    /// Merges the workers and schedules of all modules.
    #[must_use]
    pub fn jobs(self, services: &Services) -> Jobs {
        let mut all = Jobs::none();
        for module in self.iter() {
            all.extend((module.jobs)(services));
        }
        all
    }

    /// Returns every email with sample data.
    #[must_use]
    pub fn email_samples(self) -> Vec<Sample> {
        self.iter().flat_map(|module| (module.email_samples)()).collect()
    }

    #[must_use]
    pub fn tables(self) -> Vec<Table> {
        self.all(|module| module.tables)
    }

    /// Returns the names of the tables.
    #[must_use]
    pub fn table_names(self) -> Vec<&'static str> {
        self.tables().iter().map(|table| table.name).collect()
    }

    #[must_use]
    pub fn flags(self) -> Vec<&'static Flag> {
        self.all(|module| module.flags)
    }

    /// Returns every metric.
    #[must_use]
    pub fn metrics(self) -> Vec<Metric> {
        self.all(|module| module.metrics)
    }

    /// Returns every kind of audit log entry, sorted.
    #[must_use]
    pub fn audit(self) -> Vec<AuditKind> {
        let mut all = self.all(|module| module.audit);
        all.sort_unstable();
        all
    }

    /// Returns every problem code once, sorted.
    #[must_use]
    pub fn problems(self) -> Vec<ProblemCode> {
        let mut all = self.all(|module| module.problems);
        all.sort_unstable_by_key(|problem| problem.code);
        all.dedup_by_key(|problem| problem.code);
        all
    }

    /// Returns the sections of the API's description.
    #[must_use]
    pub fn api_tags(self) -> Vec<ApiTag> {
        self.all(|module| module.api_tags)
    }

    /// Returns the parameters in paths of the API.
    #[must_use]
    pub fn api_parameters(self) -> Vec<ApiParameter> {
        self.all(|module| module.api_parameters)
    }

    /// Returns the roles that the API's operations require.
    #[must_use]
    pub fn api_roles(self) -> Vec<ApiRole> {
        self.all(|module| module.api_roles)
    }

    /// Returns the links between operations of the API.
    #[must_use]
    pub fn api_links(self) -> Vec<ApiLink> {
        self.all(|module| module.api_links)
    }

    /// Returns every condition that operators are alerted to.
    #[must_use]
    pub fn alerts(self) -> Vec<AlertRule> {
        self.all(|module| module.alerts)
    }

    /// Returns every encrypted column.
    #[must_use]
    pub fn sealed(self) -> Vec<SealedColumn> {
        self.all(|module| module.sealed)
    }

    #[must_use]
    pub fn commands(self) -> Vec<Command> {
        self.all(|module| module.commands)
    }

    /// Iterates over the parts of the demo.
    pub fn demos(self) -> impl Iterator<Item = Demo> {
        self.iter().filter_map(|module| module.demo)
    }

    /// Returns what lists the events of each module.
    #[must_use]
    pub fn events(self) -> Vec<Events> {
        self.all(|module| module.events)
    }

    /// Returns the guides in the order of their list.
    pub fn guides(self) -> impl Iterator<Item = &'static Guide> {
        let mut guides: Vec<_> = self.iter().flat_map(|module| module.guides).collect();
        guides.sort_by_key(|guide| guide.order);
        guides.into_iter()
    }

    /// Returns every kind of notification.
    #[must_use]
    pub fn news(self) -> Vec<NewsKind> {
        self.all(|module| module.news)
    }

    /// Returns every link of the layout, sorted by order.
    #[must_use]
    pub fn navigation(self) -> Vec<NavItem> {
        let mut all = self.all(|module| module.navigation);
        all.sort_by_key(|item| item.order);
        all
    }

    /// Renders the panels of a page in their order.
    ///
    /// # Errors
    /// When a parameter of a panel is invalid.
    pub async fn panels(
        self,
        context: &Context,
        place: PanelPlace,
        request: &PanelRequest,
    ) -> Result<Vec<PanelView>, WebError> {
        let mut panels: Vec<Panel> = self.all(|module| module.panels);
        panels.retain(|panel| panel.place == place);
        panels.sort_by_key(|panel| panel.order);
        let mut views = Vec::with_capacity(panels.len());
        for panel in panels {
            views.extend((panel.render)(context, request).await?);
        }
        Ok(views)
    }

    /// Returns every kind of thing that can wait for a person.
    #[must_use]
    pub fn task_kinds(self) -> Vec<&'static TaskKind> {
        self.iter().flat_map(|module| module.tasks).collect()
    }

    /// Returns the kind of things of a name that have pictures of their own.
    #[must_use]
    pub fn pictured(self, kind: &str) -> Option<&'static Pictured> {
        self.iter().flat_map(|module| module.pictured).find(|own| own.kind == kind)
    }

    /// Lists what runs now or comes: what everybody may see, and what a person takes part in, which comes first among what runs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn running(
        self,
        context: &Context,
        person: Option<FlagViewer>,
    ) -> Result<Vec<Running>, DbError> {
        let kinds: Vec<&'static Happening> =
            self.iter().flat_map(|module| module.running).collect();
        happenings(context, &kinds, person).await
    }

    /// Iterates over the programs, in the order in which the setup offers them.
    pub fn programs(self) -> impl Iterator<Item = Program> {
        self.iter().filter_map(|module| module.program)
    }

    /// Returns true while the programs of a new community are to be chosen: no flag of a program was changed, and no step
    /// with which a community begins is done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn awaits_choice(self, context: &Context) -> Result<bool, DbError> {
        for known in context.flags.known(&context.db).await? {
            let is_program = self.programs().any(|program| program.flag == known.flag);
            if is_program && !changes(&context.db, known.id, 1).await?.is_empty() {
                return Ok(false);
            }
        }
        let steps = self.all(|module| module.first_steps);
        let number = steps.len();
        Ok(store::left(&context.db, steps).await?.len() == number)
    }

    /// Returns the steps with which a new community begins that are not done, without those of programs that are off.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_steps(self, context: &Context) -> Result<Vec<FirstStep>, DbError> {
        let view = FlagView::of(&context.flags, None);
        let mut steps = self.all(|module| module.first_steps);
        steps.retain(|step| step.flag.is_none_or(|flag| view.shows(flag)));
        store::left(&context.db, steps).await
    }

    /// Returns the kinds of things that a search finds for everyone, in order.
    #[must_use]
    pub fn search(self, context: &Context) -> Vec<SearchKind> {
        let view = FlagView::of(&context.flags, None);
        let mut kinds = self.all(|module| module.search);
        kinds.retain(|kind| kind.flag.is_none_or(|flag| view.shows(flag)));
        kinds.sort_by_key(|kind| kind.order);
        kinds
    }

    /// Reads the visitors' page of all modules whose flags are on for everyone, and who reviews its issues.
    ///
    /// # Errors
    /// When a module cannot read its part.
    pub async fn front(
        self,
        context: &Context,
        extensions: &Extensions,
    ) -> Result<Front, WebError> {
        let view = FlagView::of(&context.flags, None);
        let sources = self.iter().filter_map(|module| module.front);
        let is_shown = |source: &FrontSource| source.flag.is_none_or(|flag| view.shows(flag));
        let sources: Vec<FrontSource> = sources.filter(is_shown).collect();
        let mut front = Front::default();
        for source in &sources {
            front.add((source.read)(context, extensions).await?);
        }
        for find in sources.iter().filter_map(|source| source.reviewers) {
            front.add_reviewers(context, find).await?;
        }
        Ok(front)
    }

    /// Returns the path patterns of routes that may be cached.
    #[must_use]
    pub fn public_routes(self) -> Vec<&'static str> {
        self.all(|module| module.public_routes)
    }

    /// Returns the query parameters that public pages read, by route.
    #[must_use]
    pub fn page_parameters(self) -> HashMap<&'static str, Vec<&'static str>> {
        let mut read: HashMap<_, Vec<_>> = HashMap::new();
        for (route, names) in self.all(|module| module.page_parameters) {
            read.entry(route).or_default().extend(names);
        }
        read
    }

    /// Returns the path prefixes at which credentials can be guessed.
    #[must_use]
    pub fn guarded_routes(self) -> Vec<&'static str> {
        self.all(|module| module.guarded_routes)
    }

    /// Returns whether an open invitation of any module was sent to an email address, in lower case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invite(self, tx: &Tx, context: &Context, address: &str) -> Result<bool, DbError> {
        for invites in self.iter().filter_map(|module| module.invites) {
            if invites(tx, context, address).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the path prefixes with their own rate limits, or none.
    #[must_use]
    pub fn unlimited_routes(self) -> Vec<&'static str> {
        self.all(|module| module.unlimited_routes)
    }
}

impl Services {
    /// Returns the modules of the application.
    #[must_use]
    pub fn modules(&self) -> Modules {
        self.extensions.get().copied().unwrap_or_default()
    }

    /// Returns every worker and schedule.
    #[must_use]
    pub fn jobs(&self) -> Jobs {
        self.modules().jobs(self)
    }

    /// Starts all jobs in this process.
    #[must_use]
    pub fn start_jobs(&self) -> Runner {
        let jobs = self.jobs();
        let settings = self.config.jobs();
        Runner::start(&self.context, settings, jobs.workers, jobs.schedules)
    }
}
