using CleanRoom.Attestation;
using CleanRoom.Client.Rooms;
using CleanRoom.Portal.Browser;
using CleanRoom.Portal.Features.Drafting;
using CleanRoom.Portal.Features.Keys;
using CleanRoom.Portal.Features.Notices;
using CleanRoom.Portal.Features.Rooms;
using CleanRoom.Portal.Features.Uploads;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.JSInterop;
using MudBlazor.Services;
#if CLEANROOM_INSECURE
using CleanRoom.Attestation.Insecure;
#endif

namespace CleanRoom.Portal;

/// <summary>Puts the portal together.</summary>
internal static class PortalServices
{
    /// <summary>The longest wait for an answer of a room, in the browser's own hands after it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(100);

    /// <summary>Adds everything that a page asks for.</summary>
    public static void AddPortal(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);

        // What opens over the page is not needed to draw its first picture: its provider comes after that (PortalLayout).
        services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
        services.AddSingleton(provider => new BrowserModule(provider.GetRequiredService<IJSRuntime>()));
        services.AddSingleton<WebCryptoBackend>();
        services.AddSingleton(provider => new ClientServices(
            provider.GetRequiredService<WebCryptoBackend>(),
            new HttpClient { Timeout = _patience },
            provider.GetRequiredService<TimeProvider>(),
#if CLEANROOM_INSECURE
            () => [.. EvidenceVerifiers.All, new InsecureSimulatedVerifier()]));
#else
            () => EvidenceVerifiers.All));
#endif
        services.AddSingleton<BrowserStore>();
        services.AddSingleton<KeyChain>();
        services.AddSingleton<BrowserRoomMemory>();
        services.AddSingleton<RoomDesk>();
        services.AddSingleton<NoticeDesk>();
        services.AddSingleton<DraftDesk>();
        services.AddSingleton<BrowserUploadStore>();
        services.AddSingleton<ColumnMemory>();
        services.AddSingleton<UploadDesk>();
    }
}
