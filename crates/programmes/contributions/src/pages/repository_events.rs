//! Live updates of the list of a project's repositories, while they are read from GitHub.

use axum::response::Response;
use futures_util::future::BoxFuture;
use identity::model::{Role, Viewer};
use platform::{
    Context,
    db::DbError,
    live::{Listener, LiveSubject},
    web::WebError,
};

use crate::{access::Maintainer, model::ProjectId, reads};

/// The progress of reading the repositories of a project, for its maintainers.
struct ReadingChannel {
    project: ProjectId,
    slug: String,
    viewer: Viewer,
}

impl LiveSubject for ReadingChannel {
    fn name(&self) -> String {
        format!("repositories of {}", self.slug)
    }

    fn mark<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<String, DbError>> {
        Box::pin(reads::reading_mark(&context.db, self.project))
    }

    fn may_listen<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<bool, DbError>> {
        Box::pin(async {
            let maintains = reads::maintains(&context.db, self.project, self.viewer.user_id);
            Ok(self.viewer.acts_as(Role::Admin) || maintains.await?)
        })
    }
}

/// `GET /projects/{slug}/repositories/events`.
pub(super) async fn events(
    Maintainer { viewer, project }: Maintainer,
    listener: Listener,
) -> Result<Response, WebError> {
    let (project, slug) = (ProjectId::from(project.id), project.slug);
    listener.listen(ReadingChannel { project, slug, viewer }).await
}
