using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Queries;
using CleanRoom.Grains.Twins;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Api;
using CleanRoom.Node.Channels;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Portal;
using CleanRoom.Node.Sessions;
using CleanRoom.Node.Telemetry;
using CleanRoom.Node.Uploads;
using CleanRoom.Policy;
using CleanRoom.Policy.Binding;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CleanRoom.Node.Hosting;

/// <summary>Puts a node together.</summary>
internal static class NodeServices
{
    private const int ReplayCapacity = 1 << 20;
    private const long MaxBodyBytes = 17L << 20;

    private static readonly TimeSpan _replayTolerance = TimeSpan.FromMinutes(5);

    public static void AddCleanRoomNode(this WebApplicationBuilder builder, NodeOptions options, NodeParts parts)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Logging.ClearProviders()
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("CleanRoom", options.LogLevel)
            .AddFilter("Orleans.Runtime", LogLevel.Error);
        if (options.LogLevel > LogLevel.Warning)
        {
            builder.Logging.SetMinimumLevel(options.LogLevel);
        }

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(parts.Backend);
        services.AddSingleton(parts.Trust);
        services.AddSingleton(options.Limits);

        // Factories, so that the container disposes what it did not make.
        services.AddSingleton(_ => parts.Ledger);
        services.AddSingleton(_ => parts.Objects);
        services.AddSingleton(_ => parts.Identity);
        services.AddRooms(parts.Trust);
        services.AddEngine();
        services.AddChannel(options.Admission);
        services.AddHostedService(provider => new SandboxNotice(
            provider.GetRequiredService<EngineHost>().Machine, provider.GetRequiredService<ILogger<SandboxNotice>>()));
        services.AddHostedService<RoomOpener>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store", tags: ["ready"]);
        services.AddCors(cors => cors.AddDefaultPolicy(PortalOrigins.Allow));
        services.AddApi();
        builder.AddCleanRoomTelemetry(options);
        builder.UseEmbeddedSilo();
    }

    /// <summary>Adds what the API itself needs: its messages and its description.</summary>
    public static void AddApi(this IServiceCollection services)
    {
        services.AddOpenApi(
            ApiDescription.DocumentName,
            openApi => openApi.AddDocumentTransformer(ApiDescription.Transform).AddSchemaTransformer(ApiDescription.Transform));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default));
    }

    private static void AddRooms(this IServiceCollection services, NodeTrust trust)
    {
        services.AddSingleton(new FoldServices(new SignatureVerifier(), new LedgerNodeAppraiser(trust.Verifiers), new PrivacyLimits()));
        services.AddSingleton<LedgerServices>();
        services.AddSingleton(provider => new SealedSecrets(trust.Sealer, provider.GetRequiredService<ILedgerStore>(), machine: string.Empty));
        services.TryAddSingleton<IPeerKeys, NoPeerKeys>();
        services.AddSingleton<CollaborationKeyring>();
        services.AddSingleton<BudgetKeyring>();
        services.AddSingleton<IOwnerBudgets, GrainOwnerBudgets>();
        services.AddSingleton<RoomServices>();
        services.AddSingleton<IngestServices>();
        services.AddSingleton<PartitionServices>();
        services.AddSingleton<RunServices>();
        services.AddSingleton<RunTurns>();
        services.AddSingleton<TwinRun>();
    }

    private static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton(new EngineOptions());
        services.AddSingleton(new SqlBinderOptions());
        services.AddSingleton<EngineHost>();
        services.AddSingleton<EngineRunner>();
        services.AddSingleton<ISqlBinder, IsolatedSqlBinder>();
        services.AddSingleton<QueryAnalyzer>();
        services.AddSingleton(provider => new AnonymousFilePool(provider.GetRequiredService<RunLimits>().DecryptedBytes));
    }

    private static void AddChannel(this IServiceCollection services, AdmissionOptions admission)
    {
        services.AddSingleton<IssuedBindings>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<UploadTokens>();
        services.AddSingleton(admission);
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<UploadQuotas>();
        services.AddSingleton(provider => new ChannelServer(
            provider.GetRequiredService<Cryptography.ICryptoBackend>(),
            provider.GetRequiredService<NodeIdentity>().Keys.Seal,
            provider.GetRequiredService<IssuedBindings>().Contains,
            new ReplayWindow(provider.GetRequiredService<TimeProvider>(), _replayTolerance, ReplayCapacity)));
    }
}
