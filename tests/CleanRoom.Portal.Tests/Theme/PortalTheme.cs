using MudBlazor;

namespace CleanRoom.Portal.Tests.Theme;

/// <summary>The portal's colours and fonts, from which its css/theme.css is written. The fonts are the machine's own: nothing is fetched for them.</summary>
internal static class PortalTheme
{
    private static readonly string[] _fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    /// <summary>Gets the theme. Text on every filled colour has a contrast of at least 4.5 to 1.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5d6b",
            Secondary = "#5b4a8a",
            Success = "#1b6e3c",
            Warning = "#8a5300",
            Error = "#a3262a",
            Info = "#0b5d6b",
            Background = "#f6f8f8",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#14282c",
            TextPrimary = "#14282c",
            TextSecondary = "#44585c",
            DrawerText = "#14282c",
            DrawerIcon = "#44585c",
            LinesDefault = "#d8e0e1",
            Dark = "#44585c",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#4fb7c7",
            PrimaryContrastText = "#06242a",
            Secondary = "#b6a5e6",
            Success = "#5bc98a",
            SuccessContrastText = "#06240f",
            Warning = "#f0b45a",
            WarningContrastText = "#2a1a00",
            Error = "#ff8a86",
            ErrorContrastText = "#330607",
            Info = "#4fb7c7",
            Background = "#12181b",
            Surface = "#1a2226",
            DrawerBackground = "#161d20",
            AppbarBackground = "#161d20",
            AppbarText = "#e6edef",
            TextPrimary = "#e6edef",
            TextSecondary = "#b3c1c5",
            LinesDefault = "#324046",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = _fonts, FontSize = "1rem", LineHeight = "1.55" },
            H4 = new H4Typography { FontFamily = _fonts, FontSize = "1.75rem", FontWeight = "650", LineHeight = "1.25" },
            H6 = new H6Typography { FontFamily = _fonts, FontSize = "1.125rem", FontWeight = "650" },
            Body1 = new Body1Typography { FontFamily = _fonts, FontSize = "1rem", LineHeight = "1.55" },
            Body2 = new Body2Typography { FontFamily = _fonts, FontSize = ".9rem" },
            Button = new ButtonTypography { FontFamily = _fonts, TextTransform = "none", FontWeight = "600", FontSize = ".95rem" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
