use std::sync::Arc;

use futures_util::future::join_all;
use identity::actions::github_token;
use moka::sync::Cache;
use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};

use super::Registrar;
use crate::{
    gateway::{Call, GithubApi},
    rules::arrival::LastMessage,
    store::repositories::{self, CreatedHook},
};

/// The name of the check.
const NAME: &str = "github-webhooks";

/// The maximum number of webhooks to ask about; the newest are chosen.
const MOST: i64 = 5;

/// The seconds for which a good result is reused, which spares GitHub's limits for the people whose tokens ask.
const KEPT: i64 = 600;

/// Returns the state of GitHub's messages to one webhook: good news, or a failure with the next step.
type Said = Result<String, String>;

/// Returns the check that GitHub's messages reach this server.
pub(crate) fn arrivals(config: &Config) -> Service {
    let registrar = Arc::new(Registrar::of(config));
    let good: Cache<i64, String> = Cache::new(1);
    Service::remark(NAME, move |context: Context| {
        let (registrar, good) = (Arc::clone(&registrar), good.clone());
        async move {
            let period = context.now().timestamp() / KEPT;
            if let Some(known) = good.get(&period) {
                return Condition::Healthy(known);
            }
            let found = registrar.arrivals(&context).await;
            if let Condition::Healthy(known) = &found {
                good.insert(period, known.clone());
            }
            found
        }
    })
}

impl Registrar {
    /// Asks GitHub for the last message to the App and to each webhook that this server created. What GitHub does not tell, and
    /// what the database cannot say, is left out: other checks report it.
    async fn arrivals(&self, context: &Context) -> Condition {
        let Ok(permit) = context.flags.permit::<GithubApi>() else {
            return Condition::SwitchedOff;
        };
        let call = Call::new(context, &permit);
        let hooks = repositories::created_hooks(&context.db, MOST).await.unwrap_or_default();
        if hooks.is_empty() && !self.clients().has_app() {
            return Condition::NotConfigured;
        }
        let of_hooks = join_all(hooks.iter().map(|hook| self.of_hook(context, call, hook))).await;
        let of_app = self.of_app(context, call).await;
        let said: Vec<Said> = of_hooks.into_iter().chain([of_app]).flatten().collect();
        condition(said)
    }

    async fn of_app(&self, context: &Context, call: Call<'_>) -> Option<Said> {
        let api = self.clients().quick_app(context.now()).ok()??;
        let sent = api.app_deliveries(call).await.ok()?;
        let said = self.said("The GitHub App", &sent.first()?.message());
        Some(said.map_err(|failed| format!("{failed}; then test it at /setup/github")))
    }

    /// Asks with the token of the person who registered the repository. If GitHub lists no message, it is asked for a `ping`, which the
    /// next check finds.
    async fn of_hook(&self, context: &Context, call: Call<'_>, hook: &CreatedHook) -> Option<Said> {
        let token = github_token(context, hook.registered_by_id.into()).await.ok()??;
        let api = self.clients().quick(&token.token);
        let sent = api.hook_deliveries(call, &hook.full_name, hook.hook_id).await.ok()?;
        let name = format!("The webhook of {}", hook.full_name);
        if let Some(last) = sent.first() {
            return Some(self.said(&name, &last.message()));
        }
        api.ping_hook(call, &hook.full_name, hook.hook_id).await.ok()?;
        Some(Ok(format!("{name}: GitHub was asked for a test message")))
    }

    fn said(&self, name: &str, last: &LastMessage) -> Said {
        let named = |said: String| format!("{name}: {said}");
        last.arrival(self.receiver()).map(named).map_err(named)
    }
}

/// Joins what was said: the failures, if there are any.
fn condition(said: Vec<Said>) -> Condition {
    let (good, bad): (Vec<Said>, Vec<Said>) = said.into_iter().partition(Result::is_ok);
    if bad.is_empty() {
        let good: Vec<String> = good.into_iter().flatten().collect();
        return Condition::Healthy(match &good[..] {
            [] => "GitHub lists no message of the last days".to_owned(),
            good => good.join("; "),
        });
    }
    let bad: Vec<String> = bad.into_iter().filter_map(Result::err).collect();
    Condition::Failing(bad.join("; "))
}
