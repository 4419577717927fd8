//! The drawings of icons, on a field of 24 by 24.

use platform::work::TaskIcon;

/// Returns the path of the icon of a kind of work.
pub(crate) fn of(icon: TaskIcon) -> &'static str {
    match icon {
        TaskIcon::Alarm => "M5 17h14l-1.8-3V10a5.2 5.2 0 0 0-10.4 0v4zM10 20h4M12 2.8v2",
        TaskIcon::Approve => {
            "M5 20.5h14M6 16.5h12v-3h-4.5c0-3 1.5-4 1.5-6.5a3 3 0 0 0-6 0c0 2.5 1.5 3.5 1.5 6.5H6z"
        }
        TaskIcon::Box => {
            "M3.5 8L12 3.5 20.5 8v8.5L12 21l-8.5-4.5zM3.5 8l8.5 4.5L20.5 8M12 12.5V21M7.7 5.8l8.5 4.5"
        }
        TaskIcon::Calendar => "M4 5.5h16v15H4zM4 10h16M8 3v4.5M16 3v4.5",
        TaskIcon::Dispute => "M3.5 4.5h17v12h-9l-5 4.5v-4.5h-3z",
        TaskIcon::Draft => "M12 20.5H5.5v-17h8l5 5v3M13.5 3.5v5h5M14 20.5l.7-3 5-5 2.3 2.3-5 5z",
        TaskIcon::Envelope => "M3 5.5h18v13H3zM3.5 6l8.5 7 8.5-7",
        TaskIcon::Flag => "M5 21.5V3M5 4h13l-3 4.5 3 4.5H5",
        TaskIcon::Gear => {
            "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM12 2.5v3.2M12 18.3v3.2M2.5 12h3.2M18.3 12h3.2\
             M5.3 5.3l2.3 2.3M16.4 16.4l2.3 2.3M18.7 5.3l-2.3 2.3M7.6 16.4l-2.3 2.3"
        }
        TaskIcon::Help => {
            "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z\
             M5.7 5.7l3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8"
        }
        TaskIcon::Numbers => "M4 20.5h16M6.5 17v-5M12 17V5M17.5 17V9",
        TaskIcon::Network => {
            "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18"
        }
        TaskIcon::Pause => "M8.5 5v14M15.5 5v14",
        TaskIcon::Pen => "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
        TaskIcon::Person => {
            "M12 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20.5c.5-4.5 4-6 8-6s7.5 1.5 8 6"
        }
        TaskIcon::Report => "M4 9.5v5h3.5L17 19.5v-15L7.5 9.5zM20 9.5v5M7.5 14.5l1.5 6h3",
        TaskIcon::Review => {
            "M6 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 16a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z\
             M18 16a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 8v8M18 16V9.5a4 4 0 0 0-4-4h-2.5M13.5 3L11 5.5 13.5 8"
        }
        TaskIcon::Scales => "M12 3.5v17M7.5 20.5h9M4 7l8-2 8 2M4 7l-2.5 7h5zM20 7l-2.5 7h5z",
        TaskIcon::Signature => {
            "M5.5 3.5h13v17h-13zM8.5 8h7M8.5 11.5h7M8.5 16.5c1.5-2 2-2 2.5 0s1.5 0 4.5-.5"
        }
        TaskIcon::Sync => {
            "M19.5 9A8 8 0 0 0 5 8M4.5 15A8 8 0 0 0 19 16M4.5 4v4.5H9M19.5 20v-4.5H15"
        }
        TaskIcon::Ticket => "M3.5 6h17v4a2 2 0 0 0 0 4v4h-17v-4a2 2 0 0 0 0-4zM14 6v12",
        TaskIcon::Todo => {
            "M3.5 6l1.5 1.5L7.5 5M3.5 12l1.5 1.5L7.5 11M3.5 18l1.5 1.5L7.5 17M11 6.5h9.5M11 12.5h9.5M11 18.5h9.5"
        }
        TaskIcon::Trash => "M4 6.5h16M9 6.5v-3h6v3M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
        TaskIcon::Trophy => {
            "M7 3.5h10v6a5 5 0 0 1-10 0zM7 5H3.5c0 4 1.5 5 4 5.5M17 5h3.5c0 4-1.5 5-4 5.5M12 14.5v4M8 20.5h8"
        }
        TaskIcon::Upload => "M4 15v5.5h16V15M12 16V4M7 9l5-5 5 5",
        TaskIcon::Warning => "M12 3.5L2.5 20.5h19zM12 10v5M12 17.7v.3",
    }
}
