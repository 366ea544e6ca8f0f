using CleanRoom.Engine.Sandbox;

namespace CleanRoom.Node.Hosting;

/// <summary>Says at the start which layers of the engine's sandbox this machine cannot give. Spec: contracts/spec/0012 s.2.3.</summary>
/// <param name="machine">What the machine can give.</param>
internal sealed partial class SandboxNotice(SandboxReport machine, ILogger<SandboxNotice> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var layers = machine.Layers;
        LogLayers(layers.Count(state => state.IsActive), layers.Length);
        foreach (var missing in layers.Where(state => !state.IsActive))
        {
            LogMissing(missing.Layer, missing.Detail);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(4011, LogLevel.Information, "Engines are held by {Active} of {All} layers; one that lacks any of these is refused")]
    private partial void LogLayers(int active, int all);

    [LoggerMessage(4012, LogLevel.Warning, "Engines are not held by {Layer} on this machine: {Detail}")]
    private partial void LogMissing(SandboxLayer layer, string detail);
}
