//! The columns of the page: which section goes where, so that both end at about the same height.

use platform::module::PanelView;

use super::RunningView;

/// The heights of parts, in pixels of a wide window.
const HEAD: i64 = 76;
const LEAD: i64 = 160;
const TASK: i64 = 68;
const NOTICE: i64 = 62;
const PICTURED: i64 = 230;
const PLAIN: i64 = 110;
const LISTED: i64 = 37;
const PULL: i64 = 68;
const NARROW_PULL: i64 = 104;
const FIGURE: i64 = 36;

/// The emptiness that is better than a section in an unusual place.
const MOVED: i64 = 60;
/// The emptiness that is better than figures before what runs on a phone.
const EARLY: i64 = 120;

/// The place of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Left,
    Right,
    /// Below both.
    Below,
}

/// The places of the panels beside the figures, and of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) panels: Column,
    pub(super) figures: Column,
}

/// The heights of the sections.
#[derive(Clone, Copy, Debug, Default)]
struct Heights {
    /// The work and the notices, which are left.
    left: i64,
    /// The running things, which are right.
    right: i64,
    /// The panels in the wide and in the narrow column; 0 without any.
    panels: (i64, i64),
    figures: i64,
}

impl Columns {
    /// Chooses the columns of a page with a number of tasks and of figures.
    pub(super) fn of(
        tasks: usize,
        figures: usize,
        panels: &[PanelView],
        running: (&[RunningView], &[RunningView]),
    ) -> Self {
        let rows = |panel: &PanelView| count(panel.html.matches("<li").count());
        let beside = || panels.iter().filter(|panel| panel.is_half);
        let notices = panels.iter().filter(|panel| panel.is_aside);
        let notices: i64 = notices.map(|panel| HEAD + NOTICE * rows(panel)).sum();
        let tasks = match count(tasks) {
            0 => 0,
            tasks => HEAD + LEAD + TASK * (tasks - 1),
        };
        Self::chosen(Heights {
            left: tasks + notices,
            right: height(running),
            panels: (
                beside().map(|panel| HEAD + PULL * rows(panel)).sum(),
                beside().map(|panel| HEAD + NARROW_PULL * rows(panel)).sum(),
            ),
            figures: HEAD + FIGURE * count(figures),
        })
    }

    fn chosen(heights: Heights) -> Self {
        use Column::{Below, Left, Right};
        let all = [Left, Right, Below];
        let pairs = all
            .into_iter()
            .flat_map(|panels| [Right, Left, Below].map(|figures| Self { panels, figures }));
        let best = pairs.min_by_key(|columns| columns.emptiness(heights));
        best.unwrap_or(Self { panels: Left, figures: Right })
    }

    /// Returns the height that is empty in one of the columns, and what unusual places cost.
    fn emptiness(self, heights: Heights) -> i64 {
        let (panels, figures) = (heights.panels, heights.figures);
        let (left, right, moved) = match self.panels {
            Column::Left => (heights.left + panels.0, heights.right, 0),
            Column::Right => (heights.left, heights.right + panels.1, MOVED),
            Column::Below => (heights.left, heights.right, MOVED),
        };
        match (self.figures, self.panels) {
            (Column::Left, _) => (left + figures - right).abs() + moved + EARLY,
            (Column::Right, _) => (left - right - figures).abs() + moved,
            (Column::Below, Column::Below) => (left - right).abs() + (panels.0 - figures).abs(),
            (Column::Below, _) => (left - right).abs() + moved + MOVED,
        }
    }
}

/// Returns the height of what runs: those with pictures, and the list of others.
fn height((running, also): (&[RunningView], &[RunningView])) -> i64 {
    if running.is_empty() {
        return 0;
    }
    let card = |it: &RunningView| if it.pic().is_some() { PICTURED } else { PLAIN };
    let listed = if also.is_empty() { 0 } else { PLAIN + LISTED * count(also.len()) };
    HEAD + running.iter().map(card).sum::<i64>() + listed
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Column::*, *};

    #[test]
    fn the_columns_end_at_about_the_same_height() {
        let panels = (350, 460);
        for (left, right, panels, panel_column, figure_column) in [
            // Little work beside two events.
            (300, 540, panels, Left, Right),
            // Much work beside many events.
            (710, 990, panels, Left, Below),
            // Much work beside one event.
            (580, 310, panels, Below, Right),
            (790, 310, panels, Right, Below),
            // Work and one event, and no panels.
            (240, 190, (0, 0), Left, Below),
            // Nothing but events, and nothing at all.
            (0, 540, (0, 0), Left, Left),
            (0, 0, panels, Left, Right),
        ] {
            let heights = Heights { left, right, panels, figures: 256 };
            let expected = Columns { panels: panel_column, figures: figure_column };
            assert_eq!(Columns::chosen(heights), expected, "{heights:?}");
        }
    }

    #[test]
    fn panels_are_as_high_as_their_rows() {
        let panel = |rows: usize| PanelView {
            html: "<li></li>".repeat(rows),
            is_half: true,
            ..PanelView::default()
        };
        let columns = |rows| Columns::of(5, 4, &[panel(rows)], (&[], &[]));
        assert_eq!(columns(1), Columns { panels: Right, figures: Right });
        assert_eq!(columns(4), Columns { panels: Right, figures: Below });
    }
}
