using Microsoft.JSInterop;

namespace CleanRoom.Portal.Browser;

/// <summary>The portal's one JavaScript module, loaded at the first call.</summary>
/// <param name="runtime">The page.</param>
public sealed class BrowserModule(IJSRuntime runtime)
{
    private const string Path = "./js/cleanroom.js";

    private Task<IJSObjectReference>? _module;

    /// <summary>Calls a function of the module.</summary>
    /// <exception cref="JSException">The function threw.</exception>
    public async ValueTask<T> CallAsync<T>(string name, CancellationToken cancellationToken, params object?[] arguments)
    {
        _module ??= runtime.InvokeAsync<IJSObjectReference>("import", CancellationToken.None, Path).AsTask();
        return await (await _module).InvokeAsync<T>(name, cancellationToken, arguments);
    }
}
