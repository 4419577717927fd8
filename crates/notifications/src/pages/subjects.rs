use std::collections::HashMap;

use identity::model::Viewer;
use platform::{
    Context,
    db::DbError,
    module::{Module, Modules},
};
use uuid::Uuid;

use crate::model::Notification;

/// Returns the names of what notifications are about, by its ID, of the modules that do not store them. A session whose second
/// factor does not suffice gets none.
pub(super) async fn subjects(
    context: &Context,
    modules: Modules,
    viewer: &Viewer,
    news: &[Notification],
) -> Result<HashMap<Uuid, String>, DbError> {
    let mut named = HashMap::new();
    if !viewer.factor.suffices() {
        return Ok(named);
    }
    for module in modules.iter() {
        let objects = of_module(module, news);
        if let Some(find) = module.subjects.filter(|_| !objects.is_empty()) {
            named.extend(find(context, viewer.user_id.into(), objects).await?);
        }
    }
    Ok(named)
}

fn of_module(module: &Module, news: &[Notification]) -> Vec<Uuid> {
    let is_own = |news: &&Notification| module.news.iter().any(|kind| kind.code == news.kind);
    news.iter().filter(is_own).map(|news| news.object_id).collect()
}
