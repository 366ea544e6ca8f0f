using System.Diagnostics.CodeAnalysis;
using CleanRoom.Protocol;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Browser;

/// <summary>What this browser keeps for this origin, and the files that it hands to the person.</summary>
internal sealed class BrowserStore(BrowserModule module)
{
    /// <summary>Says what this browser lacks; empty when it can do all.</summary>
    public ValueTask<string> MissingAsync(CancellationToken cancellationToken) => module.CallAsync<string>("missing", cancellationToken);

    /// <summary>Reads a setting; null when there is none.</summary>
    public ValueTask<string?> ReadAsync(string id, CancellationToken cancellationToken) => module.CallAsync<string?>("setting", cancellationToken, id);

    /// <summary>Keeps a setting.</summary>
    public async Task WriteAsync(string id, string value, CancellationToken cancellationToken) =>
        await module.CallAsync<object?>("putSetting", cancellationToken, id, value);

    /// <summary>Forgets a setting.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken) => await module.CallAsync<object?>("removeSetting", cancellationToken, id);

    /// <summary>Keeps how far a log went, durably, unless what is kept went further.</summary>
    /// <returns>Null, or <see cref="RefusalCode.StorageFailed"/>.</returns>
    public async ValueTask<Refusal?> WriteLongerAsync(string id, long size, string value, CancellationToken cancellationToken)
    {
        try
        {
            await module.CallAsync<object?>("putLonger", cancellationToken, id, size, value);
            return null;
        }
        catch (JSException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a browser store that takes what was seen of a log", "one that did not");
        }
    }

    /// <summary>Reads the settings whose id begins so.</summary>
    public ValueTask<string[]> ReadAllAsync(string prefix, CancellationToken cancellationToken) => module.CallAsync<string[]>("settings", cancellationToken, prefix);

    /// <summary>Lists the rooms that were kept, with where they answer.</summary>
    public ValueTask<KeptRoom[]> RoomsAsync(CancellationToken cancellationToken) => module.CallAsync<KeptRoom[]>("listRooms", cancellationToken);

    /// <summary>Reads what was kept of a room; null when there is nothing.</summary>
    public ValueTask<byte[]?> ReadRoomAsync(string id, CancellationToken cancellationToken) => module.CallAsync<byte[]?>("roomBytes", cancellationToken, id);

    /// <summary>Keeps a room durably, unless what is kept has a longer checkpoint.</summary>
    /// <returns>Null, or <see cref="RefusalCode.StorageFailed"/>.</returns>
    public async ValueTask<Refusal?> WriteRoomAsync(string id, long size, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await module.CallAsync<object?>("putRoom", cancellationToken, id, size, bytes);
            return null;
        }
        catch (JSException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a browser store that takes the memory of this room", "one that did not");
        }
    }

    /// <summary>Keeps where a room answers.</summary>
    public async Task WriteAddressAsync(string id, string address, CancellationToken cancellationToken) =>
        await module.CallAsync<object?>("putAddress", cancellationToken, id, address);

    /// <summary>Hands a file to the person.</summary>
    public async Task SaveFileAsync(string name, string type, byte[] bytes, CancellationToken cancellationToken) =>
        await module.CallAsync<object?>("saveFile", cancellationToken, name, type, bytes);

    /// <summary>Sets the page's colours.</summary>
    /// <param name="kept">What was chosen: <c>yes</c> for dark, <c>no</c> for light, or null for what the machine prefers.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether they are dark.</returns>
    public ValueTask<bool> SetSchemeAsync(string? kept, CancellationToken cancellationToken) => module.CallAsync<bool>("setScheme", cancellationToken, kept);
}

/// <summary>A room that this browser knows.</summary>
/// <param name="Id">The collaboration's id.</param>
/// <param name="Address">Where it answers; empty when that is not known.</param>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
public sealed record KeptRoom(string Id, string Address);
