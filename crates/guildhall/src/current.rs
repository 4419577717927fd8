//! The application that a process runs now. When stored settings change, it is composed again, over the same database and
//! keys, and takes the place of the one before, where requests in progress and batches of jobs end.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use axum::{Router, extract::Request};
use platform::{
    db::DbError,
    jobs::Runner,
    probes::Metrics,
    processes::{Life, OwnProcess},
    settings,
    telemetry::{news, works},
};
use tokio::{sync::Mutex, task::JoinSet};
use tower::{ServiceExt as _, service_fn};

use crate::{ApiRoutes, App, VERSION};

/// How often the version of the stored settings is read.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// A function that starts the jobs of an application which this process runs.
type StartJobs = Box<dyn Fn(&App) -> Runner + Send + Sync>;

/// The application that runs now. Each later one starts again what this process was asked to start.
pub struct Current {
    routes: RwLock<Router>,
    composed: Mutex<Composed>,
}

struct Composed {
    app: App,
    is_serving: bool,
    metrics: Option<Metrics>,
    /// True if the health of external services is checked.
    watches_services: bool,
    start_jobs: Option<StartJobs>,
    runner: Option<Runner>,
    /// The jobs of former applications, which end their last batches.
    ending: JoinSet<()>,
    life: Option<Life>,
    is_stopped: bool,
}

impl Current {
    /// Takes the application, which neither serves nor runs jobs yet.
    #[must_use]
    pub fn of(mut app: App) -> Arc<Self> {
        Arc::new_cyclic(|current| {
            let reloaded = Weak::clone(current);
            app.extensions.insert(settings::Reload::new(move || look_if_there(reloaded.clone())));
            let composed = Composed {
                app,
                is_serving: false,
                metrics: None,
                watches_services: false,
                start_jobs: None,
                runner: None,
                ending: JoinSet::new(),
                life: None,
                is_stopped: false,
            };
            Self { routes: RwLock::default(), composed: Mutex::new(composed) }
        })
    }

    /// Composes the routes. Returns a router that passes each request to the routes of the application that runs then.
    pub async fn serve(self: &Arc<Self>, metrics: Option<Metrics>) -> Router {
        let mut composed = self.composed.lock().await;
        if composed.app.extensions.get::<ApiRoutes>().is_none() {
            let api = ApiRoutes::of(composed.app.modules());
            composed.app.extensions.insert(api);
        }
        composed.is_serving = true;
        composed.metrics = metrics;
        self.put(composed.routes());
        let current = Arc::clone(self);
        Router::new()
            .fallback_service(service_fn(move |request: Request| current.routes().oneshot(request)))
    }

    /// Starts jobs.
    pub(crate) async fn run_jobs(&self, start: impl Fn(&App) -> Runner + Send + Sync + 'static) {
        let mut composed = self.composed.lock().await;
        composed.start_jobs = Some(Box::new(start));
        composed.restart_jobs();
    }

    /// Checks the health of external services from now on.
    pub(crate) async fn watch_services(&self) {
        let mut composed = self.composed.lock().await;
        composed.watches_services = true;
        composed.app.outside.follow(&composed.app.context);
    }

    /// Lists this process with the others from now on, as `kind`.
    pub(crate) async fn appear(&self, kind: &'static str, does_jobs: bool) {
        let mut composed = self.composed.lock().await;
        let own = OwnProcess { kind, version: VERSION, does_jobs };
        composed.life = Some(Life::begin(&composed.app, own).await);
    }

    /// Applies changed settings within seconds, for as long as another handle exists.
    pub fn follow(self: &Arc<Self>) {
        let current = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let Some(current) = current.upgrade() else {
                    return;
                };
                current.look_or_warn().await;
                let app = current.app().await;
                app.traffic().keep(&app.context).await;
            }
        });
    }

    async fn app(&self) -> App {
        self.composed.lock().await.app.clone()
    }

    /// Ends the jobs after their batches. No settings are applied later.
    pub(crate) async fn stop(&self) {
        let mut composed = self.composed.lock().await;
        composed.is_stopped = true;
        if let Some(runner) = composed.runner.take() {
            runner.stop().await;
        }
        while composed.ending.join_next().await.is_some() {}
        composed.app.traffic().store(&composed.app.context).await;
        if let Some(life) = composed.life.take() {
            life.end().await;
        }
    }

    async fn look_or_warn(&self) {
        match self.look().await {
            Ok(()) => works("settings"),
            Err(error) => {
                if let Some(times) = news("settings", &error) {
                    tracing::warn!(%error, times, "cannot read the stored settings; using the last known ones");
                }
            }
        }
    }

    /// Composes the application again if the stored settings have another version than its own.
    async fn look(&self) -> Result<(), DbError> {
        let mut composed = self.composed.lock().await;
        let (db, ring) = (&composed.app.context.db, &composed.app.ring);
        let known = &composed.app.config;
        if composed.is_stopped || settings::version(db).await? == known.stored_version {
            return Ok(());
        }
        let config = settings::overlay(known, db, Some(ring)).await?;
        tracing::info!(version = config.stored_version, "applying changed settings");
        composed.app = composed.app.renewed(config);
        if composed.is_serving {
            self.put(composed.routes());
        }
        if composed.watches_services {
            composed.app.outside.follow(&composed.app.context);
        }
        if let Some(life) = &composed.life {
            life.follow(&composed.app);
        }
        composed.restart_jobs();
        Ok(())
    }

    fn put(&self, routes: Router) {
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
    }

    fn routes(&self) -> Router {
        self.routes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn look_if_there(current: Weak<Current>) {
    if let Some(current) = current.upgrade() {
        current.look_or_warn().await;
    }
}

impl Composed {
    fn routes(&self) -> Router {
        self.app.router(self.metrics.clone())
    }

    /// Starts the jobs of the application, and lets those of the one before end. Both may run for a moment: leases and the rows of
    /// runs keep them apart.
    fn restart_jobs(&mut self) {
        let Some(start) = &self.start_jobs else {
            return;
        };
        let next = (!self.app.config.stops_jobs()).then(|| start(&self.app));
        if let Some(former) = std::mem::replace(&mut self.runner, next) {
            self.ending.spawn(former.stop());
        }
        while self.ending.try_join_next().is_some() {}
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").finish_non_exhaustive()
    }
}
