use platform::{module::PanelView, web::WebError};

/// A panel; `None` if there is nothing to show.
pub(super) type Rendered = Result<Option<PanelView>, WebError>;
