//! Panels on the home page and on profiles.

use platform::module::{Panel, PanelPlace};
use ui::frame::panel;

use super::{
    manage, new_project, on_person, open_pulls::open_pulls, own_seasons, person_work, review_panel,
    work_panel,
};
use crate::FLAG;

pub(crate) const PANELS: &[Panel] = &[
    Panel {
        place: PanelPlace::Home,
        order: 10,
        render: |context, request| panel(FLAG, open_pulls(context, request)),
    },
    Panel {
        place: PanelPlace::Work,
        order: 10,
        render: |context, request| panel(FLAG, work_panel::panel(context, request)),
    },
    Panel {
        place: PanelPlace::AdminPerson,
        order: 20,
        render: |context, request| Box::pin(on_person::panel(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 6,
        render: |context, request| panel(FLAG, own_seasons::panel(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 4,
        render: |context, request| panel(FLAG, person_work::panel(context, request)),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 20,
        render: |context, request| Box::pin(review_panel::own_part(context, request)),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 30,
        render: |_, request| Box::pin(async move { new_project::own_part(request) }),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 40,
        render: |context, request| Box::pin(manage::own_part(context, request)),
    },
];
