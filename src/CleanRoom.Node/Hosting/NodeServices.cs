using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Admission;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Queries;
using CleanRoom.Grains.Twins;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Api;
using CleanRoom.Node.Channels;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Portal;
using CleanRoom.Node.Rolls;
using CleanRoom.Node.Sessions;
using CleanRoom.Node.Telemetry;
using CleanRoom.Node.Uploads;
using CleanRoom.Policy;
using CleanRoom.Policy.Binding;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Hosting;

/// <summary>Puts a node together.</summary>
internal static class NodeServices
{
    /// <summary>The tag of the checks that say whether a node can work.</summary>
    public const string ReadyTag = "ready";

    private const int ReplayCapacity = 1 << 20;
    private const long MaxBodyBytes = 17L << 20;

    private static readonly TimeSpan _replayTolerance = TimeSpan.FromMinutes(5);

    public static void AddCleanRoomNode(this WebApplicationBuilder builder, NodeOptions options, NodeRole role, NodeParts parts)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Logging.AddCleanRoomLog(options.LogLevel);
        builder.AddCleanRoomTelemetry(options);

        // Factories, so that the container disposes what it did not make.
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(new ForwardTime(TimeProvider.System));
        services.AddSingleton(parts.Backend);
        services.AddSingleton(_ => parts.Objects);
        services.AddSingleton(_ => parts.Identity);
        if (role is not NodeRole.Silo)
        {
            services.AddEdge(options.Admission, isAlone: options.Cluster is null);
        }

        if (parts.Ledger is { } ledger)
        {
            services.AddSingleton(_ => ledger);
            services.AddSilo(options.Limits, options.Ingest, parts);
            services.AddSecrets(options.Cluster, parts);
        }

        switch (role, options.Cluster, parts.Cluster)
        {
            case (NodeRole.Gateway, { } cluster, { } members):
                // Health answers while the client still looks for a silo.
                services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
                services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo", tags: [ReadyTag]);
                builder.UseClusterClient(cluster, members);
                break;
            case (_, { } cluster, { } members):
                builder.UseClusterSilo(cluster, members);
                services.AddHostedService<ClusterContact>();
                break;
            default:
                builder.UseEmbeddedSilo();
                break;
        }
    }

    /// <summary>Adds what the API itself needs: its messages and its description.</summary>
    public static void AddApi(this IServiceCollection services)
    {
        services.AddOpenApi(
            ApiDescription.DocumentName,
            openApi => openApi.AddDocumentTransformer(ApiDescription.Transform).AddSchemaTransformer(ApiDescription.Transform));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default));
    }

    /// <summary>Adds what the people's side of a node needs: channels, sessions, the API.</summary>
    private static void AddEdge(this IServiceCollection services, AdmissionOptions admission, bool isAlone)
    {
        services.AddChannel(admission, isAlone);
        services.AddCors(cors => cors.AddDefaultPolicy(PortalOrigins.Allow));
        services.AddApi();
    }

    /// <summary>Adds what a silo needs: rooms and the engine.</summary>
    private static void AddSilo(this IServiceCollection services, RunLimits limits, IngestLimits ingest, NodeParts parts)
    {
        services.AddSingleton(limits);
        services.AddSingleton(ingest);
        services.AddPlacementDirector<SpreadOverSilos, SpreadOverSilosDirector>();
        services.AddRooms(parts);
        services.AddEngine();
        services.AddHostedService(provider => new SandboxNotice(
            provider.GetRequiredService<EngineHost>().Machine, provider.GetRequiredService<ILogger<SandboxNotice>>()));
        services.AddHostedService<RoomOpener>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store", tags: [ReadyTag]);
    }

    private static void AddRooms(this IServiceCollection services, NodeParts parts)
    {
        services.AddSingleton(new FoldServices(new SignatureVerifier(), new LedgerNodeAppraiser(parts.Trust.Verifiers), new PrivacyLimits()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LedgerClock>(provider, TimeProvider.System));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LedgerServices>(provider, TimeProvider.System) with { HasOtherWriters = parts.Cluster?.Roll is not null });
        services.AddSingleton<IOwnerBudgets, GrainOwnerBudgets>();
        services.AddSingleton<RoomServices>();
        services.AddSingleton<IngestServices>();
        services.AddSingleton<KeptColumns>();
        services.AddSingleton<PartitionServices>();
        services.AddSingleton<RunServices>();
        services.AddSingleton<RunTurns>();
        services.AddSingleton<TwinRun>();
    }

    /// <summary>Adds the secrets: those of this machine, and with a cluster what its members do with them for each other.</summary>
    private static void AddSecrets(this IServiceCollection services, NodeClusterOptions? options, NodeParts parts)
    {
        services.AddSingleton(provider => new SealedSecrets(parts.Trust.Sealer, provider.GetRequiredService<ILedgerStore>(), options?.Name ?? string.Empty));
        services.AddSingleton(parts.Trust.Counter);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DestructionRecords>(provider, TimeProvider.System));
        services.AddSingleton<CollaborationKeyring>();
        services.AddSingleton<BudgetKeyring>();
        if (parts.Cluster is not { } cluster)
        {
            services.AddSingleton<IPeerKeys, NoPeerKeys>();
            return;
        }

        services.AddSingleton<IFleet>(cluster.Transport.Fleet);
        services.AddSingleton<KeyHolder>();
        services.AddSingleton<KeyRequester>();
        services.AddPlacementDirector<OnSilo, OnSiloDirector>();
        if (cluster.Roll is { } roll)
        {
            services.AddRoll(options!, roll); // There is no cluster without options of one.
        }
        else
        {
            services.AddSingleton<IPeerKeys, GrainPeerKeys>();
        }
    }

    /// <summary>Adds what a silo says to nodes of another build, and hears from them, while rooms move.</summary>
    private static void AddRoll(this IServiceCollection services, NodeClusterOptions cluster, RollTransport roll)
    {
        services.AddSingleton(roll);
        services.AddSingleton<GrainPeerKeys>();
        services.AddSingleton<IPeerKeys>(provider => new RollPeerKeys(
            provider.GetRequiredService<GrainPeerKeys>(),
            [.. cluster.Roll!.Peers.Select(peer => new RollClient(roll, RollOptions.ParsePeer(peer)!, provider.GetRequiredService<ILogger<RollClient>>()))],
            provider.GetRequiredService<KeyRequester>()));
        services.AddSingleton<BudgetRooms>();
        services.AddSingleton<OtherBuildHolder>();
        services.AddSingleton(cluster);
        services.AddSingleton<RollServer>();
        services.AddHostedService(provider => provider.GetRequiredService<RollServer>());
        services.AddHostedService<RollOpener>();
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

    private static void AddChannel(this IServiceCollection services, AdmissionOptions admission, bool isAlone)
    {
        services.AddSingleton<IssuedBindings>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<UploadTokens>();
        services.AddSingleton(admission);
        services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new AdmissionControl(admission, time, isAlone ? null : new ClusterShares(room => grains.GetGrain<IAdmissionGrain>(room), admission, time));
        });
        services.AddSingleton<UploadQuotas>();
        services.AddSingleton(provider => new ChannelServer(
            provider.GetRequiredService<Cryptography.ICryptoBackend>(),
            provider.GetRequiredService<NodeIdentity>().Keys.Seal,
            provider.GetRequiredService<IssuedBindings>().Contains,
            new ReplayWindow(TimeProvider.System, _replayTolerance, ReplayCapacity)));
    }
}
