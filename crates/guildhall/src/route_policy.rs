//! The modules' routes as the authorization layers and the page cache use them.

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
};

use axum::http::Extensions;
use futures_util::future::BoxFuture;
use identity::access;
use platform::{
    Context,
    config::Config,
    module::{Modules, PanelPerson, PanelPlace, PanelRequest},
    web::{Limits, OwnPart, PagePolicy, WebError},
};
use uuid::Uuid;

/// The home page: different for each signed-in person, the same for everyone else.
const HOME: &str = "/";

/// The beginning of the routes that refuse query parameters that they do not know.
const API: &str = "/api/";

/// The routes whose responses may be cached for everyone.
pub(crate) struct RoutePolicy {
    shared: HashSet<&'static str>,
    parameters: HashMap<&'static str, Vec<&'static str>>,
    modules: Modules,
}

impl RoutePolicy {
    /// Collects the public routes of all modules.
    pub(crate) fn of(modules: Modules) -> Self {
        Self {
            shared: modules.public_routes().into_iter().collect(),
            parameters: modules.page_parameters(),
            modules,
        }
    }

    /// Returns true when other origins that an operator allows may read the route.
    pub(crate) fn is_open(&self, route: &str) -> bool {
        route.starts_with("/api/v1/") && self.is_shared(route)
    }
}

impl PagePolicy for RoutePolicy {
    fn is_public(&self, route: &str) -> bool {
        route == HOME || self.is_shared(route)
    }

    fn is_shared(&self, route: &str) -> bool {
        self.shared.contains(route)
    }

    fn parameters(&self, route: &str) -> Option<&[&'static str]> {
        let read = || self.parameters.get(route).map_or(&[][..], Vec::as_slice);
        (!route.starts_with(API)).then(read)
    }

    fn forget(&self, found: &mut Extensions) {
        access::forget(found);
        found.remove::<ui::Reader>();
    }

    fn slots(&self, found: &Extensions) -> Vec<String> {
        ui::slots(found)
    }

    fn viewer(&self, found: &Extensions) -> Option<Uuid> {
        found.get().map(|reader: &ui::Reader| reader.person)
    }

    fn own_part<'a>(
        &'a self,
        context: &'a Context,
        asked: &'a OwnPart,
    ) -> BoxFuture<'a, Result<String, WebError>> {
        Box::pin(async move {
            let reader: Option<&ui::Reader> = asked.extensions.get();
            let request = PanelRequest {
                person: reader
                    .map(|reader| PanelPerson { id: reader.person, login: reader.login.clone() }),
                path: asked.path.clone(),
                query: serde_urlencoded::from_str(&asked.query).unwrap_or_default(),
                extensions: asked.extensions.clone(),
                ..PanelRequest::default()
            };
            let panels = self.modules.panels(context, PanelPlace::OwnPart, &request);
            Ok(panels.await?.into_iter().map(|panel| panel.html).collect())
        })
    }
}

/// Returns the configured rate limits, and the routes with limits of their own.
pub(crate) fn limits(config: &Config, modules: Modules) -> Limits {
    let number = |number: u64| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
    };
    Limits {
        requests_per_minute: number(config.requests_per_minute),
        person_requests_per_minute: number(config.person_requests_per_minute),
        token_requests_per_minute: number(config.token_requests_per_minute),
        guarded: modules.guarded_routes(),
        unlimited: modules.unlimited_routes(),
        trusted_proxies: config.trusted_proxies.clone(),
        exempt: config.exempt_networks.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MODULES;

    #[test]
    fn only_public_routes_are_shared() {
        let policy = RoutePolicy::of(MODULES);
        assert!(policy.is_shared("/projects/{slug}/rules"));
        assert!(!policy.is_shared("/projects/{slug}/maintainers"));
        assert!(policy.is_public(HOME) && !policy.is_shared(HOME));
        assert_eq!(policy.parameters("/leaderboards/card.svg"), Some(&[][..]));
        assert_eq!(policy.parameters("/api/v1/projects"), None, "it refuses unknown ones");
        // Those of the page itself, and of a panel of another module.
        let person = policy.parameters("/people/{login}").expect("known");
        assert!(person.contains(&"points") && person.contains(&"pulls"), "{person:?}");
    }
}
