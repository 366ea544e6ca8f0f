using CleanRoom.Portal.Texts;
using Microsoft.AspNetCore.Components;

namespace CleanRoom.Portal.Shared;

/// <summary>What pages and components share: the words, and a token that ends with them.</summary>
public abstract class PortalComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Gets a token that is cancelled when the component leaves the page.</summary>
    protected CancellationToken Ended => _ended.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        Dispose(true);
        _ended.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the portal's words.</summary>
    protected static string T(string key, params object?[] values) => PortalText.Of(key, values);

    /// <summary>Lets go of what a component subscribed to.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
