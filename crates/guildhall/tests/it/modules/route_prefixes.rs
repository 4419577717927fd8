//! The paths that modules declare for rate limits and caches are those of real routes.

use guildhall::MODULES;

use crate::{
    app::{Database, TestApp},
    auth::{matrix::demo_people, routes},
};

#[tokio::test]
async fn declared_paths_match_routes() {
    let app = TestApp::demo(Database::create().await, demo_people()).await;
    let routes = routes::of(&app.server.router(None));
    let has = |matches: &dyn Fn(&str) -> bool| routes.iter().any(|(_, path)| matches(path));
    for module in MODULES.iter() {
        let prefixes = [module.guarded_routes, module.unlimited_routes].concat();
        for prefix in prefixes {
            let is_real = has(&|path| path.starts_with(prefix));
            assert!(is_real, "{}: no route begins with {prefix}", module.name);
        }
        let read = module.page_parameters.iter().map(|(route, _)| route);
        for route in module.public_routes.iter().chain(read) {
            let is_real = has(&|path| path == *route);
            assert!(is_real, "{}: no route is {route}", module.name);
        }
    }
    app.finish().await;
}
