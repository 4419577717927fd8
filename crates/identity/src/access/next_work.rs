//! The next item of work of a person, to which the answer to an act on an item leads.

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use platform::{
    Context,
    db::DbError,
    module::Modules,
    web::WebError,
    work::{Task, TaskKind, WorkViewer, tasks},
};

use super::acting;
use crate::model::Viewer;

/// The work of the signed-in person, for the answer to an act on one item of it.
#[derive(Clone, Copy, Debug)]
pub struct NextWork {
    modules: Modules,
    viewer: WorkViewer,
}

impl Viewer {
    /// Returns the person as work is read for them.
    #[must_use]
    pub fn worker(&self) -> WorkViewer {
        WorkViewer { person: self.user_id.into(), audience: self.role.audience() }
    }
}

impl FromRequestParts<Context> for NextWork {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, WebError> {
        // The extractor of the role decides who may act, also by which scope of a token.
        let viewer = acting(&parts.extensions)?.worker();
        let modules = parts.extensions.get().copied().unwrap_or_default();
        Ok(Self { modules, viewer })
    }
}

impl NextWork {
    /// Lists the work of some kinds that waits for the person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(&self, context: &Context, codes: &[&str]) -> Result<Vec<Task>, DbError> {
        let all = self.modules.task_kinds();
        let kinds: Vec<&'static TaskKind> =
            all.into_iter().filter(|kind| codes.contains(&kind.code)).collect();
        tasks(context, &kinds, self.viewer).await
    }

    /// Leads to the next item of some kinds after an act on the one whose page is at `done`, with a message. Leads to `back`
    /// while that item still waits, and when no item is left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn after(
        &self,
        context: &Context,
        codes: &[&str],
        (done, back): (&str, &str),
        said: &str,
    ) -> Result<Response, WebError> {
        let left = self.of(context, codes).await?;
        let still_waits = left.iter().any(|task| task.address == done);
        Ok(match left.first() {
            Some(next) if !still_waits => {
                let said = match left.len() {
                    1 => format!("{said}. This one is left"),
                    many => format!("{said}. {many} are left, this is the next"),
                };
                ui::redirect(&next.address, &said)
            }
            _ => ui::redirect(back, said),
        })
    }
}
